"""In CI a test that would be skipped fails: what it needs is missing, and nobody would notice."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = {
    "calls": "import pytest\n\ndef test_it():\n    pytest.skip('no browser here')\n",
    "fixture": "import pytest\n\n@pytest.fixture\ndef held():\n    pytest.skip('no data here')\n\ndef test_it(held):\n    pass\n",
    "mark": "import pytest\n\n@pytest.mark.skipif(True, reason='no tool here')\ndef test_it():\n    pass\n",
    "file": "import pytest\n\npytest.importorskip('no_such_package')\n\ndef test_it():\n    pass\n",
}
FINE = "import pytest\n\n@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert False\n\ndef test_other():\n    pass\n"


def run(folder, **environment):
    """Run tests that skip in all ways, and some that do not, as this project's are run; return what is counted."""
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for name, text in (TESTS | {"fine": FINE}).items():
        (folder / f"test_{name}.py").write_text(text)
    held = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--continue-on-collection-errors", str(folder)]
    done = subprocess.run(command, cwd=folder, env=held | environment, capture_output=True, text=True, check=False)
    counted = done.stdout.splitlines()[-1]
    return {
        what: int(number) for number, what in re.findall(r"(\d+) (failed|passed|skipped|xfailed|error)", counted)
    }, done.stdout


def test_what_would_be_skipped_fails_in_ci_alone(tmp_path):
    counted, said = run(tmp_path, CI="true")
    assert counted == {"failed": 1, "error": 3, "passed": 1, "xfailed": 1}
    assert said.count("In CI nothing is left out.") >= len(TESTS)
    for what in ("no browser here", "no data here", "no tool here", "no_such_package"):
        assert what in said


@pytest.mark.parametrize("environment", [{}, {"CI": "false"}])
def test_elsewhere_it_is_skipped(tmp_path, environment):
    assert run(tmp_path, **environment)[0] == {"skipped": 4, "passed": 1, "xfailed": 1}
