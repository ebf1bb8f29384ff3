import Testing

@testable import LinearAlgebra

@Suite struct BLASTests {
    @Test func productsAgreeWithPlainSwift() {
        let (m, n, k) = (5, 7, 3)
        let a = randomFloats(m * k, seed: 1)
        let b = randomFloats(n * k, seed: 2)
        var c = [Float](repeating: 0, count: m * n)
        BLAS.multiplyTransposed(a, rows: m, b, rows: n, columns: k, into: &c, stride: n)
        for i in 0..<m {
            for j in 0..<n {
                let expected = (0..<k).reduce(Float(0)) { $0 + a[i * k + $1] * b[j * k + $1] }
                #expect(abs(c[i * n + j] - expected) < 1e-6)
            }
        }
    }

    /// The eigenvalues of [[2, 1], [1, 2]] are 1 and 3, the eigenvectors (1, −1)/√2 and (1, 1)/√2.
    @Test func symmetricEigenvectorsAreRows() throws {
        var a: [Float] = [2, 1, 1, 2]
        let values = try #require(BLAS.symmetricEigen(&a, size: 2))
        #expect(abs(values[0] - 1) < 1e-6 && abs(values[1] - 3) < 1e-6)
        let half = Float(0.5).squareRoot()
        #expect(a.allSatisfy { abs(abs($0) - half) < 1e-6 })
        #expect(a[0] * a[1] < 0 && a[2] * a[3] > 0)
    }
}
