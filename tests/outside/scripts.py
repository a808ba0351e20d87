"""Takes the bash out of workflows and Actions: scripts.py FILE… FOLDER writes each script to a file of its own."""

import pathlib
import sys

import yaml

*files, folder = sys.argv[1:]
for name in files:
    page = yaml.safe_load(pathlib.Path(name).read_text(encoding="utf-8"))
    lists = [page["runs"]["steps"]] if "runs" in page else [job["steps"] for job in page["jobs"].values()]
    scripts = [step["run"] for steps in lists for step in steps if "run" in step]
    for number, script in enumerate(scripts):
        # As GitHub starts bash: its options, and what follows a failed command, are not in the script.
        text = "#!/usr/bin/env bash\nset -eo pipefail\n" + script
        (pathlib.Path(folder) / f"{pathlib.Path(name).stem}-{number}.bash").write_text(text, encoding="utf-8")
