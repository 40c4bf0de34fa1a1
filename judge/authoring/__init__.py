"""The tools of a problem's author, beyond loading and compiling a package: what it promises, shown to be so."""
