package import CVectorKernels

/// The table of C kernels for this machine, chosen once; `W2V_CPU_LEVEL` forces a lower level.
package let kernels: CVectorKernels.VectorKernels = vector_kernels().pointee

/// The instruction set that the kernels of this process use.
public enum CPULevel: String, Sendable, CaseIterable, Codable {
    /// x86-64 with SSE2, or NEON on arm64.
    case baseline
    /// x86-64-v3: AVX2 and FMA.
    case v3
    /// x86-64-v4: AVX-512.
    case v4

    /// The level in force.
    public static var current: CPULevel {
        switch kernels.level {
        case VectorCPULevelV3: .v3
        case VectorCPULevelV4: .v4
        default: .baseline
        }
    }
}

/// What computes, for people: the level of the kernels and the linear algebra library.
package var computeBackend: String {
    #if arch(x86_64)
        let level = CPULevel.current == .baseline ? "x86-64" : "x86-64-\(CPULevel.current.rawValue)"
    #elseif arch(arm64)
        let level = "arm64"
    #else
        let level = "portable"
    #endif
    return "\(level) kernels, OpenBLAS"
}
