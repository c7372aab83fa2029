# cython: language_level=3
"""Memory that is read soon is brought near: so one waits for many places at once, not for each."""

cdef extern from *:
    """
    #if defined(__GNUC__)
    #define KASHAF_PREFETCH(address) __builtin_prefetch(address)
    #elif defined(_MSC_VER) && defined(_M_X64)
    #include <intrin.h>
    #define KASHAF_PREFETCH(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)
    #else
    #define KASHAF_PREFETCH(address) ((void)(address))
    #endif
    """
    void prefetch "KASHAF_PREFETCH" (const void* address) noexcept nogil
