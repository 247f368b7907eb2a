"""Area means, climate sensitivity and transient response of real CMIP6 files, by xarray: what ours is compared with.

Usage: python reference.py FOLDER   (prints one JSON object)

Nothing here shares code with the program. Months are weighted by their length in the file's calendar, cells by areacella or
by the cosine of latitude, land cells by their land fraction too.
"""

import json
import sys
from pathlib import Path

import numpy as np
import xarray as xr

RUN = "{source_id}/{experiment_id}/{member_id}"


def datasets(root):
    """Folder of each dataset -> facets."""
    names = "mip_era activity_id institution_id source_id experiment_id member_id table_id variable_id grid_label version"
    found = {}
    for file in sorted(Path(root).glob("**/*.nc")):
        facets = dict(zip(names.split(), file.parent.parts[-10:]))
        found.setdefault(file.parent, facets)
    return [(folder, facets) for folder, facets in found.items()]


def open_months(folder, variable):
    """All months of a dataset, each once."""
    coder = xr.coders.CFDatetimeCoder(use_cftime=True)
    parts = [xr.open_dataset(file, decode_times=coder)[variable].load() for file in sorted(folder.glob("*.nc"))]
    joined = xr.concat(parts, dim="time", coords="minimal", compat="override").sortby("time")
    return joined.isel(time=np.unique(joined.time.values, return_index=True)[1])


class Archive:
    def __init__(self, root):
        self.all = datasets(root)

    def find(self, **wanted):
        for folder, facets in self.all:
            if all(facets.get(name) == value for name, value in wanted.items()):
                return folder, facets
        return None

    def cells(self, facets, variable):
        """The cells of the same run, else of any run of the model."""
        keys = dict(source_id=facets["source_id"], grid_label=facets["grid_label"], variable_id=variable)
        run = dict(experiment_id=facets["experiment_id"], member_id=facets["member_id"])
        found = self.find(**keys, **run) or self.find(**keys)
        if found is None:
            return None
        return xr.open_dataset(next(found[0].glob("*.nc")))[variable].load().astype("float64")

    def area_mean(self, folder, facets):
        field = open_months(folder, facets["variable_id"]).astype("float64")
        # Several files name no _FillValue and hold the format's default one, which xarray does not mask.
        field = field.where(field < 9e36)
        weights = self.cells(facets, "areacella")
        if weights is None:
            weights = np.cos(np.deg2rad(field["lat"])).clip(min=0) * xr.ones_like(field["lon"])
        if facets["table_id"] == "Lmon":
            weights = weights * self.cells(facets, "sftlf") / 100
        # Coordinates of two files may differ in the last bit; cells correspond by position.
        dims = field.dims[-2:]
        weights = xr.DataArray(weights.transpose("lat", "lon").values, dims=dims)
        field = field.drop_vars([name for name in dims if name in field.coords])
        return field.weighted(weights.fillna(0)).mean(dims)


def time_mean(monthly):
    days = monthly.time.dt.days_in_month
    valid = monthly.notnull()
    return (monthly * days).sum("time") / (days * valid).sum("time")


def annual(monthly):
    """Year -> mean of a complete year."""
    result = {}
    for year, months in monthly.groupby("time.year"):
        if months.sizes["time"] == 12:
            days = months.time.dt.days_in_month.values
            result[int(year)] = float(np.average(months.values, weights=days))
    return result


def anomalies(child, parent, years):
    """Anomalies from the straight line through the control over the same years (branch years are equal here)."""
    slope, intercept = np.polyfit(years, [parent[year] for year in years], 1)
    return np.array([child[year] - (intercept + slope * year) for year in years])


def sensitivity(archive, source, member):
    def means(experiment, variable):
        found = archive.find(source_id=source, experiment_id=experiment, member_id=member, variable_id=variable, table_id="Amon")
        return annual(archive.area_mean(*found))

    def net(experiment):
        down, up, long = (means(experiment, name) for name in ("rsdt", "rsut", "rlut"))
        return {year: down[year] - up[year] - long[year] for year in down}

    tas, tas_control = means("abrupt-4xCO2", "tas"), means("piControl", "tas")
    radiation, radiation_control = net("abrupt-4xCO2"), net("piControl")
    years = sorted(set(tas) & set(radiation))[:150]
    warming = anomalies(tas, tas_control, years)
    imbalance = anomalies(radiation, radiation_control, years)
    feedback, forcing = np.polyfit(warming, imbalance, 1)
    ramp = means("1pctCO2", "tas")
    ramp_years = sorted(ramp)[:140]
    response = anomalies(ramp, tas_control, ramp_years)[60:80].mean()
    return dict(ecs=-forcing / (2 * feedback), feedback=feedback, forcing=forcing, tcr=response, years=len(years))


def plain(numbers):
    """Not-a-number as None: JSON has no other word for it."""
    return [None if np.isnan(number) else float(number) for number in numbers]


def main(root):
    archive = Archive(root)
    means = {}
    for folder, facets in archive.all:
        # Ocean grids lack their cell areas here.
        if facets["table_id"] not in ("Amon", "Lmon"):
            continue
        monthly = archive.area_mean(folder, facets)
        levels = monthly["plev"].values if "plev" in monthly.dims else [None]
        for at, level in enumerate(levels):
            one = monthly if level is None else monthly.isel(plev=at)
            years = annual(one)
            name = "/".join([RUN.format(**facets), facets["variable_id"]] + ([] if level is None else [f"{level / 100:g}"]))
            cycle = one.groupby("time.month").mean("time").values
            known = {year: value for year, value in years.items() if not np.isnan(value)}
            means[name] = dict(
                mean=float(time_mean(one)),
                monthly=plain(one.values),
                annual=plain(years.values()),
                cycle=plain(cycle),
                trend=float(np.polyfit(list(known), list(known.values()), 1)[0]) * 10 if len(known) > 1 else None,
            )
    result = dict(xarray=xr.__version__, means=means)
    if archive.find(experiment_id="abrupt-4xCO2") is not None:
        result["sensitivity"] = sensitivity(archive, "ACCESS-ESM1-5", "r1i1p1f1")
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
