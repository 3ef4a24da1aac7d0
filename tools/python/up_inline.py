"""Runs `up` of the program in a folder as it stands, where no Python language host is there.

Usage: up_inline.py FOLDER PROJECT STACK [--expect-no-changes]
"""

import os
import runpy
import sys

from pulumi import automation

folder, project, name, *flags = sys.argv[1:]


def program() -> None:
    runpy.run_path(os.path.join(folder, "__main__.py"), run_name="__main__")


options = automation.LocalWorkspaceOptions(work_dir=folder)
stack = automation.select_stack(name, project_name=project, program=program, opts=options)
stack.up(on_output=lambda line: print(line, end=""), expect_no_changes="--expect-no-changes" in flags)
