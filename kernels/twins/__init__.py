"""The kernels again, in plain NumPy: the oracle of the compiled ones, and their fallback.

Useful for: reading what a kernel computes; running where there was no compiler; testing.
Not for: names or behaviour that the compiled kernels lack. Their stubs (`_*.pyi`) are these
modules, so the types of both are the same by construction.
"""
