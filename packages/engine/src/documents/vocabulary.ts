import { parse as parseYaml, YAMLParseError } from "yaml";
import { z } from "zod";
import { AlmanacError } from "../core/errors.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";

const valueSchema = z.object({
  name: z.coerce.string(),
  long_name: z.string().nullish(),
  description: z.string().nullish(),
  units: z.string().nullish(),
});

const dimensionSchema = z.object({
  name: z.string(),
  long_name: z.string().nullish(),
  description: z.string().nullish(),
  required: z.boolean().default(false),
  allow_extra_values: z.boolean().default(true),
  values: z.array(valueSchema).nullish(),
});

const vocabularyFileSchema = z.object({ dimensions: z.array(dimensionSchema) });

/**
 * Reads a controlled vocabulary: YAML or JSON with a list `dimensions` of name, long_name, description, required,
 * allow_extra_values and values.
 * @param name of the file, for messages
 * @throws CONFIG_INVALID when it does not parse, lacks what it needs, or names a dimension or value twice
 */
export function parseVocabulary(text: string, name: string): Vocabulary {
  const parsed = vocabularyFileSchema.safeParse(parseText(text, name));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.map(String).join(".")}: ${issue.message}`,
    );
    throw invalid(problems, name);
  }
  const dimensions = parsed.data.dimensions.map((dimension) => ({
    name: dimension.name,
    longName: dimension.long_name ?? dimension.name,
    description: dimension.description ?? "",
    required: dimension.required,
    allowExtraValues: dimension.allow_extra_values,
    values: (dimension.values ?? []).map((value) => ({
      name: value.name,
      ...(value.long_name == null ? {} : { longName: value.long_name }),
      ...(value.description == null ? {} : { description: value.description }),
      ...(value.units == null ? {} : { units: value.units }),
    })),
  }));
  const twice = [
    ...repeated(dimensions.map((dimension) => dimension.name)).map(
      (each) => `the dimension "${each}" stands twice`,
    ),
    ...dimensions.flatMap((dimension) =>
      repeated(dimension.values.map((value) => value.name)).map(
        (each) => `${dimension.name} has "${each}" twice`,
      ),
    ),
  ];
  if (twice.length > 0) throw invalid(twice, name);
  return { dimensions };
}

function parseText(text: string, name: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new AlmanacError("CONFIG_INVALID", `the vocabulary ${name} does not parse: ${error.message}`, {
      facts: { file: name },
      cause: error,
    });
  }
}

function invalid(problems: readonly string[], name: string): AlmanacError {
  return new AlmanacError("CONFIG_INVALID", `the vocabulary ${name} is not valid: ${problems.join("; ")}`, {
    facts: { file: name, problems },
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
