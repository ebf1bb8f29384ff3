import Foundation
import LinearAlgebra
import Testing

struct PCATests {
    /// x[i, j] = sin(0.7·i·(j + 1))·(5 − j) + 0.1·i·[j = 1]
    static let data: Matrix = {
        var data = Matrix(rows: 40, columns: 5)
        for i in 0..<40 {
            for j in 0..<5 {
                let wave = sin(Double(i * (j + 1)) * 0.7) * Double(5 - j)
                data[i, j] = Float(wave + (j == 1 ? 0.1 * Double(i) : 0))
            }
        }
        return data
    }()

    // Golden values of numpy 2:
    //   i=np.arange(40)[:,None]; j=np.arange(5)[None,:]; x=np.sin(i*(j+1)*0.7)*(5-j)+0.1*i*(j==1)
    //   w,v=np.linalg.eigh(np.cov(x.T)); v=v[:,::-1].T; w=w[::-1]; v=v*np.sign(v[np.arange(5),abs(v).argmax(1)])[:,None]
    //   w, v[0], v[1], ((x-x.mean(0))@v[:2].T)[3]
    @Test func agreesWithNumpy() throws {
        let pca = try PCA(of: Self.data, components: 5)
        let variances = [
            12.793595154879494, 9.184766516049333, 4.528331719899238, 2.3852291298662083, 0.06119198617435573,
        ]
        for (found, expected) in zip(pca.variances, variances) { #expect(abs(found - expected) < 1e-4) }
        let first: [Float] = [0.99986305, 0.011284144, -0.010168871, 0.0057221843, -0.0032252207]
        let second: [Float] = [-0.0110667, 0.99977127, 0.01288053, -0.011362002, 0.0063198255]
        for j in 0..<5 {
            #expect(abs(pca.components[0, j] - first[j]) < 1e-4)
            #expect(abs(pca.components[1, j] - second[j]) < 1e-4)
        }
        let projected = pca.transform(Self.data)
        #expect(abs(projected[3, 0] - 3.9500468) < 1e-3)
        #expect(abs(projected[3, 1] + 5.238211) < 1e-3)
    }

    /// More columns than rows takes the other way; both must find the same directions.
    @Test func wideDataGiveTheSameDirections() throws {
        var wide = Matrix(rows: 40, columns: 60)
        var tall = Matrix(rows: 80, columns: 60)
        for i in 0..<40 {
            for j in 0..<60 {
                let value = Self.data[i, j % 5] * (j < 5 ? 1 : Float(j) / 100)
                wide[i, j] = value
                tall[i, j] = value
                tall[i + 40, j] = value
            }
        }
        let a = try PCA(of: wide, components: 3)
        let b = try PCA(of: tall, components: 3)
        for i in 0..<3 {
            #expect(abs(a.variances[i] * 39 * 2 / 79 - b.variances[i]) < 1e-3 * b.variances[0])
            for j in 0..<60 { #expect(abs(a.components[i, j] - b.components[i, j]) < 2e-3) }
        }
    }

    @Test(arguments: [1, 3]) func sameBytesAtAnyNumberOfThreads(threads: Int) throws {
        var data = Matrix(rows: 9000, columns: 7)
        var generator = Philox(seed: 3)
        for i in data.elements.indices { data.elements[i] = generator.nextUniform() }
        let one = try PCA(of: data, components: 3, threads: 2)
        let other = try PCA(of: data, components: 3, threads: threads)
        #expect(one.components == other.components)
        #expect(one.transform(data, threads: 2) == other.transform(data, threads: threads))
    }

    @Test func constantColumnsHaveNoVariance() throws {
        let pca = try PCA(of: Matrix(rows: 10, columns: 3, elements: [Float](repeating: 2, count: 30)), components: 2)
        #expect(pca.variances == [0, 0])
    }

    @Test func namesThePlaceOfWhatIsNotFinite() throws {
        var data = Self.data
        data[7, 2] = .nan
        #expect(throws: LinearAlgebraError.notFinite(row: 7, column: 2)) { try PCA(of: data, components: 2) }
    }
}
