import COpenBLAS

/// The only file that calls BLAS and LAPACK, so that another library can take its place.
///
/// OpenBLAS runs on the calling thread alone: the parallel regions are ours, which makes results independent of the
/// number of threads.
package enum BLAS {
    /// Switches OpenBLAS's own threads off, once.
    private static let ready: Void = openblas_set_num_threads(1)

    /// C (m × n) = alpha·A·Bᵀ, with A m × k and B n × k, all row-major and dense.
    package static func multiplyTransposed(
        _ a: UnsafePointer<Float>, rows m: Int, _ b: UnsafePointer<Float>, rows n: Int, columns k: Int,
        alpha: Float = 1, into c: UnsafeMutablePointer<Float>, stride: Int
    ) {
        _ = ready
        guard m > 0, n > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), alpha, a, Int32(max(1, k)), b,
            Int32(max(1, k)), 0, c, Int32(stride))
    }

    /// C (m × n) = A·B, with A m × k and B k × n, all row-major and dense.
    package static func multiply(
        _ a: UnsafePointer<Float>, rows m: Int, inner k: Int, _ b: UnsafePointer<Float>, columns n: Int,
        into c: UnsafeMutablePointer<Float>
    ) {
        _ = ready
        guard m > 0, n > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(max(1, k)), b,
            Int32(n), 0, c, Int32(n))
    }

    /// C (n × n) += Aᵀ·A with A m × n, row-major; only the upper triangle is written.
    package static func addGram(
        _ a: UnsafePointer<Float>, rows m: Int, columns n: Int, into c: UnsafeMutablePointer<Float>
    ) {
        _ = ready
        guard m > 0, n > 0 else { return }
        cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, Int32(n), Int32(m), 1, a, Int32(n), 1, c, Int32(n))
    }

    /// Eigenvalues, ascending, of the symmetric matrix whose upper triangle (row-major) is in `a`; row i of `a`
    /// becomes the eigenvector of eigenvalue i.
    /// - Returns: `nil` when LAPACK does not converge.
    package static func symmetricEigen(_ a: inout [Float], size n: Int) -> [Float]? {
        _ = ready
        var values = [Float](repeating: 0, count: n)
        // Row-major upper is column-major lower.
        var order = Int32(n)
        var info: Int32 = 0
        var workSize: Float = 0
        var integerWorkSize: Int32 = 0
        var query: Int32 = -1
        ssyevd_("V", "L", &order, &a, &order, &values, &workSize, &query, &integerWorkSize, &query, &info)
        guard info == 0 else { return nil }
        // A Float holds whole numbers exactly only up to 2^24: take the larger of its word and the formula.
        var work = [Float](repeating: 0, count: max(Int(workSize), 1 + 6 * n + 2 * n * n))
        var integerWork = [Int32](repeating: 0, count: max(Int(integerWorkSize), 3 + 5 * n))
        var workCount = Int32(work.count)
        var integerWorkCount = Int32(integerWork.count)
        ssyevd_(
            "V", "L", &order, &a, &order, &values, &work, &workCount, &integerWork, &integerWorkCount, &info)
        return info == 0 ? values : nil
    }
}
