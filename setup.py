"""Builds the optional compiled kernels; everything else is in setup.cfg.

`optional=True` means that a machine with no compiler installs the same package
without them: the NumPy twins in `kernels/twin.py` then do the work.
"""

import os

from setuptools import Extension, setup


def kernels() -> list[Extension]:
    """The Cython extension, or nothing where Cython itself cannot be had."""
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    checked = os.environ.get("KASHAF_DEBUG_KERNELS") == "1"
    extension = Extension(
        "kashaf.kernels.native",
        ["kernels/native.pyx"],
        extra_compile_args=[] if os.name == "nt" else ["-O3"],
        optional=True,
    )
    directives = {
        "language_level": 3,
        "boundscheck": checked,
        "wraparound": False,
        "initializedcheck": checked,
        "cdivision": True,
    }
    return cythonize([extension], compiler_directives=directives)


setup(ext_modules=kernels())
