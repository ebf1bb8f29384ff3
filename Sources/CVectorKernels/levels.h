// What each compiled level gives to the dispatcher.
#ifndef EMBEDDING_LEVELS_H
#define EMBEDDING_LEVELS_H
#include "CVectorKernels.h"

#if defined(__x86_64__) && (defined(__linux__) || defined(__APPLE__))
#define HAVE_X86_LEVELS 1
#endif

extern const VectorKernels vector_kernels_baseline;
#ifdef HAVE_X86_LEVELS
extern const VectorKernels vector_kernels_v3;
extern const VectorKernels vector_kernels_v4;
#endif
#endif
