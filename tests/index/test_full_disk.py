"""A small disk that is full, where one can be mounted; `tests/stress/full_disk.py` goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(__file__).parents[1] / "stress" / "full_disk.py"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts by Linux's namespaces")
def test_a_full_disk_loses_no_commit():
    command = [sys.executable, COMMAND, "--rounds", "4"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if "can be mounted here" in done.stdout:
        pytest.skip("no file system can be mounted here")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tmpfs: 4 refusals")
