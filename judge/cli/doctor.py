"""placeholder"""


def doctor() -> None: ...
