"""The rules of the interface, checked on the .proto files and on what they generate."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FileDescriptor

from judge.api.v1 import batch_pb2, grading_pb2, problem_pb2, program_pb2, report_pb2

ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "protos" / "judge" / "api" / "v1").glob("*.proto"))
FILES: list[FileDescriptor] = [
    module.DESCRIPTOR for module in (batch_pb2, grading_pb2, problem_pb2, program_pb2, report_pb2)
]


def messages() -> Iterator[Descriptor]:
    def nested(message: Descriptor) -> Iterator[Descriptor]:
        yield message
        for inner in message.nested_types:
            yield from nested(inner)

    for file in FILES:
        for message in file.message_types_by_name.values():
            yield from nested(message)


def enums() -> Iterator[EnumDescriptor]:
    for file in FILES:
        yield from file.enum_types_by_name.values()
    for message in messages():
        yield from message.enum_types


def test_every_source_is_looked_at() -> None:
    assert [path.name for path in SOURCES] == sorted(Path(file.name).name for file in FILES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_field_value_and_method_is_commented(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    declares = re.compile(r"\s+(rpc \w+|(repeated |optional |map<.*> )?[\w.<>, ]+ \w+ = \d+;|[A-Z_0-9]+ = \d+;)")
    bare = [line for before, line in itertools.pairwise(lines) if declares.match(line) and "//" not in before]
    assert bare == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_lines_are_short(path: Path) -> None:
    assert all(len(line) <= 120 for line in path.read_text(encoding="utf-8").splitlines())


def test_enums_are_prefixed_and_begin_with_unspecified() -> None:
    for enum in enums():
        prefix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum.name).upper()
        assert enum.values_by_number[0].name == f"{prefix}_UNSPECIFIED"
        assert all(value.name.startswith(f"{prefix}_") for value in enum.values)


def test_no_unsigned_numbers_and_units_in_names() -> None:
    for message in messages():
        for field in message.fields:
            assert field.cpp_type not in (field.CPPTYPE_UINT32, field.CPPTYPE_UINT64)
            if "bytes" in field.name:
                assert field.cpp_type == field.CPPTYPE_INT64, field.full_name


def test_services_end_in_service_and_methods_have_messages_of_their_own() -> None:
    methods = [method for file in FILES for service in file.services_by_name.values() for method in service.methods]
    assert all(method.containing_service.name.endswith("Service") for method in methods)
    for side in ("input_type", "output_type"):
        names = [getattr(method, side).name for method in methods]
        assert len(set(names)) == len(names)


def test_the_methods() -> None:
    services = {
        service.name: [method.name for method in service.methods]
        for file in FILES
        for service in file.services_by_name.values()
    }
    assert services == {
        "GradingService": ["Grade", "GradeStream", "GradeMany"],
        "ProblemService": ["List", "Get", "Register", "Compile", "Verify"],
        "BatchService": ["Create", "List", "Get", "Watch", "ListResults", "Cancel", "Rejudge", "Diff", "Apply", "Drop"],
    }
