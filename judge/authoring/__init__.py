"""The tools of a problem's author: what a package promises, shown to be so."""
"""The tools of a problem's author, beyond loading and compiling a package."""
