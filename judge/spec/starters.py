"""Starter code: what a candidate finds in the editor, written from the signature."""

from __future__ import annotations

from textwrap import indent

from judge.model.cpp_types import cpp_head
from judge.model.java_types import java_head, java_imports
from judge.model.signature import Form, Method, Signature, function_of_method
from judge.model.type_expr import TypeExpr


def python_starter(entry_point: str, signature: Signature) -> str:
    """Returns a Python module that defines the entry point with its types and no body."""
    if signature.form is Form.CLASS:
        return _python_class(signature)
    if signature.form is Form.TESTS:
        remark = f"# Every function whose name begins with test is run; they can call {entry_point}."
        return f"{remark}\n\n\ndef test_nothing():\n    raise NotImplementedError\n"
    parameters = ", ".join(f"{parameter.name}: {_python(parameter.type)}" for parameter in signature.parameters)
    head = f"def {entry_point}({parameters}) -> {_python(signature.returns)}:\n"
    if len(head) > 100:
        lines = "".join(f"    {parameter.name}: {_python(parameter.type)},\n" for parameter in signature.parameters)
        head = f"def {entry_point}(\n{lines}) -> {_python(signature.returns)}:\n"
    notes = "".join(f"    # {name}: {note}\n" for name, note in _array_notes(signature))
    wanted = ["from collections.abc import Callable\n"] if signature.oracles else []
    wanted += ["import numpy as np\n"] if notes else []
    imports = "\n".join(wanted) + "\n\n" if wanted else ""
    return f"{imports}{head}{notes}    raise NotImplementedError\n"


def _python_class(signature: Signature) -> str:
    constructor, *methods = signature.methods
    bodies = [_python_method("__init__", constructor), *(_python_method(method.name, method) for method in methods)]
    arrays = any(_holds_array(kind) for method in signature.methods for kind in method.type.arguments)
    return ("import numpy as np\n\n\n" if arrays else "") + f"class {constructor.name}:\n" + "\n".join(bodies)


def _python_method(name: str, method: Method) -> str:
    parameters = "".join(f", {parameter.name}: {_python(parameter.type)}" for parameter in method.parameters)
    return f"    def {name}(self{parameters}) -> {_python(method.returns)}:\n        raise NotImplementedError\n"


def cpp_starter(entry_point: str, signature: Signature) -> str:
    """Returns a C++ source that defines the entry point with its types and a body that throws."""
    if signature.form is Form.CLASS:
        return _cpp_class(signature)
    body = '    throw std::logic_error("not implemented");\n'
    return f"#include <bits/stdc++.h>\n\n{cpp_head(entry_point, signature)} {{\n{body}}}\n"


def _cpp_class(signature: Signature) -> str:
    constructor, *methods = signature.methods
    made = cpp_head(constructor.name, function_of_method(constructor, signature)).removeprefix("void ")
    heads = [made, *(cpp_head(method.name, function_of_method(method, signature)) for method in methods)]
    bodies = [indent(f'{head} {{\n    throw std::logic_error("not implemented");\n}}\n', "    ") for head in heads]
    return f"#include <bits/stdc++.h>\n\nclass {constructor.name} {{\n   public:\n{chr(10).join(bodies)}}};\n"


def java_starter(entry_point: str, signature: Signature) -> str:
    """Returns a Java source whose class Solution has the entry point with its types and a body that throws."""
    imports = "".join(f"import {name};\n" for name in java_imports(signature))
    if signature.form is Form.CLASS:
        return f"{imports}{'' if not imports else chr(10)}{_java_class(signature)}"
    body = '        throw new UnsupportedOperationException("not implemented");\n'
    head = java_head(entry_point, signature)
    return f"{imports}{'' if not imports else chr(10)}class Solution {{\n{head} {{\n{body}    }}\n}}\n"


def _java_class(signature: Signature) -> str:
    constructor, *methods = signature.methods
    made = java_head(constructor.name, function_of_method(constructor, signature)).replace("public void ", "public ", 1)
    heads = [made, *(java_head(method.name, function_of_method(method, signature)) for method in methods)]
    body = '        throw new UnsupportedOperationException("not implemented");\n'
    bodies = [f"{head} {{\n{body}    }}\n" for head in heads]
    return f"class {constructor.name} {{\n{chr(10).join(bodies)}}}\n"


STARTERS = {"python3": python_starter, "cpp20": cpp_starter, "java17": java_starter}


def _python(kind: TypeExpr) -> str:
    if kind.name == "array":
        return "np.ndarray"
    if kind.name == "Optional":
        return f"{_python(kind.arguments[0])} | None"
    if kind.name == "callable":
        return f"Callable[[{', '.join(map(_python, kind.arguments[:-1]))}], {_python(kind.arguments[-1])}]"
    if not kind.arguments:
        return str(kind)
    members = ", ".join(map(_python, kind.arguments))
    return f"{kind.name}[{members}{', ...' if kind.variadic else ''}]"


def _array_notes(signature: Signature) -> list[tuple[str, str]]:
    """Returns what Python's types cannot say: the dtype and shape of each value that holds arrays."""
    typed = [(parameter.name, parameter.type) for parameter in signature.parameters] + [("returns", signature.returns)]
    return [(name, str(kind)) for name, kind in typed if _holds_array(kind)]


def _holds_array(kind: TypeExpr) -> bool:
    return kind.name == "array" or any(map(_holds_array, kind.arguments))
