"""What of a program matters when two are compared: not comments, spaces, docstrings or the names that it gives."""

from __future__ import annotations

import ast
import re

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|--[^\n]*|#(?!include|define)[^\n]*", re.DOTALL)


def skeleton(content: bytes, language: str) -> str:
    """A text that two programs share when they differ in that alone; but for Python, names count."""
    text = content.decode("utf-8", "replace")
    if language in ("python3", "pypy3"):
        try:
            return _of_python(ast.parse(text))
        except (SyntaxError, ValueError, RecursionError):
            return text
    return "".join(_COMMENT.sub(" ", text).split())


def _of_python(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)]
    given = {name: f"name{at}" for at, name in enumerate(dict.fromkeys(_given(tree)))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = given.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = given.get(node.arg, node.arg)
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(tree)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _given(tree: ast.Module) -> list[str]:
    """The names of parameters and of what is assigned, in their order."""
    names = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    return names + [
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
