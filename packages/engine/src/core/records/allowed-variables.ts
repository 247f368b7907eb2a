import { workflowVariableNames } from "./workflow-variables.ts";

/**
 * Names of the environment variables that an environment snapshot records: what a result can depend on, and nothing
 * that by its purpose holds a key or a person's folders. Whole names: a pattern would let names in that nobody has seen.
 */
export const allowedVariables: readonly string[] = [
  ...workflowVariableNames,
  // Language and time.
  ...["LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC"],
  ...["LC_TIME", "TZ"],
  // Threads of numerical libraries.
  ...["GOTO_NUM_THREADS", "JULIA_NUM_THREADS", "MKL_DYNAMIC", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"],
  ...["OMP_DYNAMIC", "OMP_NUM_THREADS", "OMP_PROC_BIND", "OPENBLAS_NUM_THREADS", "UV_THREADPOOL_SIZE"],
  ...["VECLIB_MAXIMUM_THREADS", "RAYON_NUM_THREADS", "TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS"],
  // Accelerators, and what makes their results repeatable.
  ...["CUBLAS_WORKSPACE_CONFIG", "CUDA_VERSION", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"],
  ...["NVIDIA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "TF_DETERMINISTIC_OPS", "XLA_FLAGS"],
  // Runtimes.
  ...["CONDA_DEFAULT_ENV", "NODE_ENV", "NODE_OPTIONS", "NODE_VERSION", "PYTHON_VERSION", "PYTHONHASHSEED"],
  ...["PYTHONOPTIMIZE", "R_VERSION", "HDF5_USE_FILE_LOCKING"],
  // Jobs of a cluster: what they were given, not who asked for them.
  ...["SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_CLUSTER_NAME", "SLURM_CPUS_ON_NODE"],
  ...["SLURM_CPUS_PER_TASK", "SLURM_GPUS", "SLURM_JOB_ID", "SLURM_JOB_NUM_NODES", "SLURM_JOB_PARTITION"],
  ...["SLURM_MEM_PER_CPU", "SLURM_MEM_PER_NODE", "SLURM_NNODES", "SLURM_NTASKS", "SLURM_PROCID"],
  ...["PBS_JOBID", "PBS_QUEUE", "LSB_JOBID", "CI"],
];
