"""Builds the optional compiled kernels; everything else is in setup.cfg.

`optional=True` means that a machine with no compiler installs the same package
without them: the NumPy twins in `kernels/twins/` then do the work.
`KASHAF_DEBUG_KERNELS=1` builds them with bounds checks, unoptimised.
"""

import os

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

KERNELS = (
    *("analyzing", "dumping", "inverting", "lexing", "loading", "occurrences"),
    *("packing", "scanning", "snippets", "sorting", "strings", "texts"),
)
PARTS = (
    *("bounds", "cursor", "lexing", "near", "occurrence", "packed", "part", "places", "scan"),
    *("squeezed", "window"),
)
INCLUDED = ("impacts", "lists", "phrases", "topk")
CHECKED = os.environ.get("KASHAF_DEBUG_KERNELS") == "1"
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": CHECKED,
    "wraparound": False,
    "initializedcheck": CHECKED,
    "cdivision": True,
}


class BuildKernels(build_ext):
    """Translates the kernels when they are built, so that an sdist needs no translating."""

    def run(self) -> None:
        """Build them all, or none where Cython itself cannot be had."""
        try:
            from Cython.Build import cythonize
        except ImportError:
            return
        for extension in self.extensions:
            # Forced: the translation of a debug build must not be taken for that of a plain one.
            [made] = cythonize(
                extension, force=True, include_path=["kernels"], compiler_directives=DIRECTIVES
            )
            extension.sources = made.sources
        super().run()


# no fused multiply-add: sums have the same last bit as the twins'
FLAGS = ["-O0", "-g"] if CHECKED else ["-O3", "-g0", "-ffp-contract=off"]
if os.name == "nt":
    FLAGS = []


def kernel(name: str) -> Extension:
    """The extension of one kernel."""
    return Extension(
        f"kashaf.kernels._{name}",
        [f"kernels/_{name}.pyx"],
        depends=[
            *(f"kernels/{part}.pxd" for part in PARTS),
            *(f"kernels/{part}.pxi" for part in INCLUDED),
        ],
        extra_compile_args=FLAGS,
        optional=True,
    )


setup(
    script_name="setup.py",  # so that setuptools knows it and leaves it out of the package
    cmdclass={"build_ext": BuildKernels},
    ext_modules=[kernel(name) for name in KERNELS],
    options={"build_ext": {"parallel": os.cpu_count()}},
)
