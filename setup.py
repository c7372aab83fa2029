"""Builds the optional compiled kernels; everything else is in setup.cfg.

`optional=True` means that a machine with no compiler installs the same package
without them: the NumPy twins in `kernels/twins/` then do the work.
`KASHAF_DEBUG_KERNELS=1` builds them with bounds checks.
"""

import os

from setuptools import Extension, setup

KERNELS = ("lexing", "packing", "inverting", "scanning", "strings")


def kernels() -> list[Extension]:
    """The Cython extensions, or none where Cython itself cannot be had."""
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    checked = os.environ.get("KASHAF_DEBUG_KERNELS") == "1"
    extensions = [
        Extension(
            f"kashaf.kernels._{name}",
            [f"kernels/_{name}.pyx"],
            extra_compile_args=[] if os.name == "nt" else ["-O3"],
            optional=True,
        )
        for name in KERNELS
    ]
    directives = {
        "language_level": 3,
        "boundscheck": checked,
        "wraparound": False,
        "initializedcheck": checked,
        "cdivision": True,
    }
    return cythonize(extensions, include_path=["kernels"], compiler_directives=directives)


setup(ext_modules=kernels())
