/// One block computed pair by pair in Double: all logits first, then all updates from the old rows.
struct ReferenceBlock {
    var inputs: [[Double]]
    var outputs: [[Double]]
    var loss = 0.0

    init(inputs: [[Float]], outputs: [[Float]]) {
        self.inputs = inputs.map { $0.map(Double.init) }
        self.outputs = outputs.map { $0.map(Double.init) }
    }

    mutating func train(inputRows: [UInt32], outputRows: [UInt32], labels: [Float], rate: Double) {
        let (x, y) = (inputs, outputs)
        for i in inputRows.map(Int.init) {
            for (j, label) in zip(outputRows.map(Int.init), labels.map(Double.init)) {
                let logit = zip(x[i], y[j]).reduce(0) { $0 + $1.0 * $1.1 }
                let sigma = 1 / (1 + exponential(-logit))
                loss += label == 1 ? logOnePlusExp(-logit) : logOnePlusExp(logit)
                let g = rate * (label - sigma)
                for d in x[i].indices {
                    inputs[i][d] += g * y[j][d]
                    outputs[j][d] += g * x[i][d]
                }
            }
        }
    }
}
