"""Java: the types of a signature, the driver, the starter code, the heap; nothing here runs a virtual machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge.errors import EnvironmentFault
from judge.languages import java17
from judge.languages.jdk import home_of_jdk
from judge.model.java_types import codec, inexpressible, java_type
from judge.model.signature import Parameter, Signature
from judge.model.toolchain import own_place_of
from judge.model.type_expr import parse_type
from judge.spec.starters import cpp_starter, java_starter


def signature(returns, bits=64, **parameters):
    typed = tuple(Parameter(name=name, type=parse_type(text)) for name, text in parameters.items())
    return Signature(parameters=typed, returns=parse_type(returns), integer_bits=bits)


TYPES = {  # Java's type, and how a value is read
    "bool": ("boolean", "Type.BOOL"),
    "int": ("long", "Type.INT"),
    "float": ("double", "Type.FLOAT"),
    "bytes": ("byte[]", "Type.BYTES"),
    "list[bool]": ("boolean[]", "Type.BOOLS"),
    "list[int]": ("long[]", "Type.LONGS"),
    "tuple[float, ...]": ("double[]", "Type.DOUBLES"),
    "list[str]": ("List<String>", "Type.list(Type.STR)"),
    "list[list[int]]": ("List<long[]>", "Type.list(Type.LONGS)"),
    "Optional[int]": ("Long", "Type.optional(Type.INT)"),
    "list[Optional[float]]": ("List<Double>", "Type.list(Type.optional(Type.FLOAT))"),
    "tuple[int, str]": ("Tuple2<Long, String>", "Type.tuple(Type.INT, Type.STR)"),
    "dict[str, list[int]]": ("Map<String, long[]>", "Type.dict(Type.STR, Type.LONGS)"),
    "dict[tuple[int, ...], bool]": ("Map<List<Long>, Boolean>", "Type.dict(Type.list(Type.INT), Type.BOOL)"),
    "array[float32, (n,)]": ("Array<float[]>", 'Type.array("<f4")'),
}


@pytest.mark.parametrize("text", TYPES)
def test_types(text):
    kind = parse_type(text)
    assert (java_type(kind, signature("int")), codec(kind, signature("int"))) == TYPES[text]


def test_wide_integers():
    wide = signature("int", bits=128)
    kind = parse_type("dict[int, list[int]]")
    assert java_type(kind, wide) == "Map<BigInteger, List<BigInteger>>"
    assert codec(kind, wide) == "Type.dict(Type.BIG, Type.list(Type.BIG))"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("list[tuple[int, int, int, int, int, int, int, int, int]]", "tuple of 1 to 8 parts"),
        ("dict[tuple[bytes, int], int]", "cannot be compared"),
        ("dict[tuple[int, int], bytes]", None),
        ("callable[[int, int, int, int, int], bool]", "takes more than 4 arguments"),
        ("callable[[list[int]], bool]", None),
    ],
)
def test_what_java_has_no_type_for(text, found):
    told = inexpressible(parse_type(text, oracles=True))
    assert told is None if found is None else found in told


def test_a_starter_imports_what_it_names():
    typed = signature("list[tuple[int, int]]", bits=128, rows="list[list[float]]", final="Optional[int]")
    assert java_starter("solve", typed) == (
        "import java.math.BigInteger;\nimport java.util.List;\nimport judge.Tuple2;\n\n"
        "class Solution {\n"
        "    public List<Tuple2<BigInteger, BigInteger>> solve(List<double[]> rows, BigInteger final_) {\n"
        '        throw new UnsupportedOperationException("not implemented");\n'
        "    }\n}\n"
    )
    assert java_starter("f", signature("int", x="float")).startswith("class Solution {\n    public long f(double x) {")


def test_a_driver_names_the_main_file_the_types_and_the_call():
    text = java17.driver("two_words.java", "f", signature("int", x="list[int]", y="dict[str, float]"))
    assert text.splitlines()[0] == "// f two_words.java"
    assert "import java.util.Map;\n" in text
    assert "{Type.LONGS, Type.dict(Type.STR, Type.FLOAT)}" in text
    assert "solution.f((long[]) a[0], (Map<String, Double>) a[1])" in text


def test_an_oracle_is_an_object_to_ask():
    kind = parse_type("callable[[list[int], float], Optional[int]]", oracles=True)
    parameters = (Parameter(name="n", type=parse_type("int")), Parameter(name="near", type=kind))
    typed = Signature(parameters=parameters, returns=parse_type("int"))
    assert "solve(long n, Oracle2<long[], Double, Long> near)" in java_starter("solve", typed)
    text = java17.driver("solution.java", "solve", typed)
    assert "import judge.Oracle2;\n" in text
    assert '{Type.INT, Type.oracle("near", Type.optional(Type.INT))}' in text
    head = cpp_starter("solve", typed)
    assert "const std::function<std::optional<long long>(std::vector<long long>, double)>& near" in head


def test_a_heap_is_smaller_than_the_memory_limit():
    limits = {64 << 20: 40 << 20, 256 << 20: 224 << 20, 1 << 30: 896 << 20}
    assert {limit: java17.heap_option(limit) for limit in limits} == {
        limit: f"-Xmx{heap >> 10}k" for limit, heap in limits.items()
    }
    assert java17.heap_option(16 << 20) == f"-Xmx{8 << 10}k"


# --- where its classes are ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/tmp", "/tmp"),
        ("/tmp/judge/state", "/tmp"),
        ("/var/../tmp/judge", "/tmp"),
        ("/box/state", "/box"),
        ("/var/tmp", None),
        ("/tmpfs/judge", None),
        ("/var/lib/judge", None),
    ],
)
def test_what_a_jail_hides(path, place):
    assert own_place_of(Path(path)) == place


def test_a_state_directory_that_no_jail_can_see_is_named_with_what_to_do():
    if home_of_jdk() is None:
        pytest.skip("there is no JDK")
    expected = "expected a state_dir that jails can see, found state_dir /tmp/judge: every jail has a /tmp of its own"
    with pytest.raises(EnvironmentFault, match=expected) as told:
        java17.load(Path("/tmp/judge"))
    assert str(told.value).endswith("; name a directory outside of /tmp and /box in state_dir")
    assert not Path("/tmp/judge/harness").exists()
