#!/usr/bin/env python3
"""package_test.py BUILD: the Debian package holds what it should and nothing else, and its program runs from its own tree.

The package is made by CPack from the build folder, listed, unpacked with dpkg-deb -x, and served from there: packs, calendars
and pages are found beside the program, wherever that is.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

BUILD = os.path.abspath(sys.argv[1])
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import program  # noqa: E402

NEEDED = [
    "/usr/bin/tongdian", "/usr/share/tongdian/packs/yantai-2021-168/pack.yaml", "/usr/share/tongdian/calendars/china.csv",
    "/usr/lib/systemd/system/tongdian.service", "/usr/lib/systemd/system/tongdian-backup.service", "/usr/lib/systemd/system/tongdian-backup.timer",
    "/etc/tongdian/tongdian.yaml", "/usr/share/man/man1/tongdian.1.gz", "/usr/share/doc/tongdian/copyright",
    "/usr/share/doc/tongdian/changelog.gz", "/usr/share/doc/tongdian/operating.md", "/usr/share/doc/tongdian/nginx/tongdian.conf",
    "/usr/share/doc/tongdian/grafana/tongdian.json", "/usr/share/doc/tongdian/prometheus/tongdian.rules.yml",
]
PLACES = re.compile(r"^/(etc/tongdian/|usr/bin/tongdian$|usr/lib/systemd/system/tongdian|usr/share/(tongdian|doc/tongdian|man/man1)/)")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def check_list(deb):
    modes = {}
    for line in output("dpkg-deb", "-c", deb).splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        assert owner == "root/root", line
        assert mode[5] != "w" and mode[8] != "w", f"writable by others: {line}"
        if mode[0] != "d":
            modes[path.lstrip(".")] = mode
    missing = [file for file in NEEDED if file not in modes]
    assert not missing, f"not in the package: {missing}"
    strange = [file for file in modes if not PLACES.match(file)]
    assert not strange, f"in the package by mistake: {strange}"
    assert not [file for file in modes if "key" in os.path.basename(file) and not file.startswith("/usr/share/tongdian/")], "a key"
    assert modes["/usr/bin/tongdian"] == "-rwxr-xr-x"
    return len(modes)


def check_control(deb, folder):
    output("dpkg-deb", "-e", deb, folder)
    with open(os.path.join(folder, "control"), encoding="utf-8") as f:
        control = f.read()
    for word in ("Package: tongdian", "adduser", "libsqlite3-0", "libssl3", "libarchive13"):
        assert word in control, control
    with open(os.path.join(folder, "conffiles"), encoding="utf-8") as f:
        assert f.read().split() == ["/etc/tongdian/tongdian.yaml"]
    for script in ("postinst", "prerm", "postrm"):
        output("sh", "-n", os.path.join(folder, script))


def check_running(tree, folder):
    program.PROGRAM = os.path.join(tree, "usr", "bin", "tongdian")
    # From a folder that knows nothing of the sources, with no variable that points to them.
    for name in [name for name in os.environ if name.startswith("TONGDIAN")]:
        del os.environ[name]
    os.chdir(folder)
    data = os.path.join(folder, "city")
    program.tongdian("user", "add", "--data", data, "--role", "admin", "first", input="a long phrase for the test\n")
    with program.Server(data) as server:
        visitor = program.Visitor(server.address)
        assert visitor.ask("GET", "/api/v1/city")[1]["pack"]["id"] == "yantai-2021-168"
        if os.path.exists(os.path.join(tree, "usr/share/tongdian/web/index.html")):
            status, page, _ = visitor.ask("GET", "/")
            assert status == 200 and "<html" in page, page
        visitor.sign_in("first", "a long phrase for the test")
    findings = json.loads(program.tongdian("doctor", "--data", data, "--json", expect=1))
    assert {f["check"]: f["level"] for f in findings["findings"]}["keys"] == "ok", findings
    assert program.tongdian("calendar", "add", "2021-09-29", "3").strip() == "2021-10-09"


with tempfile.TemporaryDirectory() as work:
    subprocess.run(["cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-G", "DEB", "-B", work], check=True, stdout=subprocess.DEVNULL)
    package, = [os.path.join(work, name) for name in os.listdir(work) if name.endswith(".deb")]
    files = check_list(package)
    check_control(package, os.path.join(work, "control"))
    unpacked = os.path.join(work, "tree")
    output("dpkg-deb", "-x", package, unpacked)
    check_running(unpacked, work)
    print(f"{os.path.basename(package)}: {files} files, {os.path.getsize(package) >> 10} KB; runs from its tree")
