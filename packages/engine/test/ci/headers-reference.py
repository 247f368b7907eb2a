"""Headers of real CMIP6 files by netCDF4 and cftime: what ours are compared with.

Usage: python headers-reference.py FOLDER   (prints one JSON object: path below the folder -> header)
"""

import json
import sys
from pathlib import Path

import cftime
import netCDF4
import numpy as np

VERTICAL = ["lev", "plev", "olevel", "height", "depth", "level", "altitude"]


def attributes(thing):
    """Text attributes as they are; numbers as numbers, for comparing by value; NaN means missing."""
    found = {}
    for name in thing.ncattrs():
        value = thing.getncattr(name)
        found[name] = value if isinstance(value, str) else [float(x) for x in np.atleast_1d(value) if not np.isnan(x)]
    return {name: value for name, value in found.items() if value != []}


def moment(value, time):
    date = cftime.num2date(value, time.units, getattr(time, "calendar", "standard"))
    day = f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
    return f"{day} {date.hour:02d}:{date.minute:02d}:{date.second:02d}"


def header(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        found = {"attributes": attributes(file), "variable": attributes(file[file.variable_id]), "levels": 1}
        for name in VERTICAL:
            if name in file.variables and file[name].dimensions == (name,):
                found["levels"] = len(file[name])
                break
        if "time" in file.variables:
            time = file["time"]
            found |= {"start": moment(time[0], time), "end": moment(time[-1], time), "calendar": time.calendar}
        return found


root = Path(sys.argv[1])
json.dump({str(path.relative_to(root)): header(path) for path in sorted(root.glob("**/*.nc"))}, sys.stdout)
