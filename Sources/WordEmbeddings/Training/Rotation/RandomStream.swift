import LinearAlgebra

/// The independent random sequences of a training: what is drawn depends on the seed, the purpose and the place in the
/// text alone, never on threads or on what was drawn before. Philox's stream has the purpose in its highest byte; the
/// initial vectors have the purpose 0.
enum RandomStream: UInt64 {
    /// Subsampling and windows of a piece of the text, by epoch and piece.
    case windows = 1
    /// The blocks of a chunk, by epoch and chunk.
    case blocks = 2
    /// The negatives of a task, by epoch, chunk and task.
    case negatives = 3
    /// Windows and negatives of the validation text, by piece.
    case validation = 4

    /// The generator of a place; `epoch` from 0.
    func generator(seed: UInt64, epoch: Int = 0, place: Int) -> Philox {
        Philox(seed: seed, stream: rawValue << 56 | UInt64(epoch), position: UInt64(place) << 32)
    }
}
