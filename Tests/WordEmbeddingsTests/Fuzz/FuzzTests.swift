import TestSupport
import Testing

struct FuzzTests {
    @Test("damaged files", arguments: FuzzTarget.all)
    func damaged(target: FuzzTarget) throws {
        try target.run()
    }
}
