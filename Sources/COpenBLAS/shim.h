// cblas from OpenBLAS, plus the Fortran LAPACK routines that we call: Debian's OpenBLAS has no LAPACKE,
// so the symbols are declared here. Every argument is a pointer; matrices are column-major.
#ifndef EMBEDDING_COPENBLAS_SHIM_H
#define EMBEDDING_COPENBLAS_SHIM_H

#include <cblas.h>

/// Eigenvalues and, with jobz = "V", eigenvectors of a real symmetric matrix (divide and conquer).
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w,
             float *work, const int *lwork, int *iwork, const int *liwork, int *info);

/// Singular value decomposition of a general real matrix (divide and conquer).
void sgesdd_(const char *jobz, const int *m, const int *n, float *a, const int *lda, float *s,
             float *u, const int *ldu, float *vt, const int *ldvt, float *work, const int *lwork,
             int *iwork, int *info);

#endif
