extension Advice {
    /// Every rule. Where it comes from stands with its function; docs/tuning.md lists them all with what is healthy.
    public enum Rule: String, Codable, Sendable, CaseIterable {
        // score
        case scoreNotFinite, scoreAboveUntrained, scoreRising, scoreFlat, scoreNoisy, scoreWaves, scoreGood
        case divergenceRising, divergenceStillFalling, exaggeratedToTheEnd
        case littleText, nothingSubsampled
        // update:parameter ratio
        case ratioHigh, ratioLow, ratioPeak, ratioGood
        // activations
        case activationsNotFinite, activationsExploding, activationsVanishing, activationsUnsettled, activationsGood
        // gradients
        case gradientsNotFinite, gradientsExploding, gradientsGood
        // updates
        case updatesNotFinite, updatesHuge, updatesZero, updatesSkewed, updatesGood
        // parameters
        case parametersNotFinite, parametersGrowing, parametersOutliers, parametersShape, parametersGood
        // learning rate
        case learningRateOffSchedule, learningRateFlat, learningRateZeroEarly, learningRateGood
        // map
        case mapNotSpreading, mapScattered, mapRestless, perplexityLow, perplexityHigh, mapGood
        // memory
        case memoryNearLimit, memoryGood
        // system
        case recordsLost, recordsWaiting, listenerCostly, threadsUneven, processorsIdle, runSilent, systemGood

        /// How much it matters.
        public var severity: Severity {
            switch self {
            case .scoreGood, .ratioGood, .activationsGood, .gradientsGood, .updatesGood, .parametersGood,
                .learningRateGood, .mapGood, .memoryGood, .systemGood:
                .good
            case .divergenceStillFalling, .littleText, .nothingSubsampled, .scoreWaves, .activationsUnsettled,
                .updatesSkewed, .parametersShape, .learningRateFlat, .recordsWaiting, .threadsUneven, .processorsIdle,
                .perplexityLow, .perplexityHigh:
                .hint
            case .scoreRising, .scoreFlat, .scoreNoisy, .divergenceRising, .exaggeratedToTheEnd, .ratioHigh, .ratioLow,
                .ratioPeak, .activationsVanishing, .updatesHuge, .updatesZero, .parametersOutliers,
                .learningRateOffSchedule, .learningRateZeroEarly, .mapNotSpreading, .mapScattered, .mapRestless,
                .memoryNearLimit,
                .listenerCostly, .runSilent:
                .warning
            case .scoreNotFinite, .scoreAboveUntrained, .activationsNotFinite, .activationsExploding,
                .gradientsNotFinite, .gradientsExploding, .updatesNotFinite, .parametersNotFinite, .parametersGrowing,
                .recordsLost:
                .problem
            }
        }

        /// The chart beside which it stands.
        public var chart: Chart {
            switch self {
            case .scoreNotFinite, .scoreAboveUntrained, .scoreRising, .scoreFlat, .scoreNoisy, .scoreWaves, .scoreGood,
                .divergenceRising, .divergenceStillFalling, .exaggeratedToTheEnd, .littleText, .nothingSubsampled:
                .score
            case .ratioHigh, .ratioLow, .ratioPeak, .ratioGood: .ratio
            case .activationsNotFinite, .activationsExploding, .activationsVanishing, .activationsUnsettled,
                .activationsGood:
                .activations
            case .gradientsNotFinite, .gradientsExploding, .gradientsGood: .gradients
            case .updatesNotFinite, .updatesHuge, .updatesZero, .updatesSkewed, .updatesGood: .updates
            case .parametersNotFinite, .parametersGrowing, .parametersOutliers, .parametersShape, .parametersGood:
                .parameters
            case .learningRateOffSchedule, .learningRateFlat, .learningRateZeroEarly, .learningRateGood: .learningRate
            case .mapNotSpreading, .mapScattered, .mapRestless, .perplexityLow, .perplexityHigh, .mapGood: .map
            case .memoryNearLimit, .memoryGood: .memory
            case .recordsLost, .recordsWaiting, .listenerCostly, .threadsUneven, .processorsIdle, .runSilent,
                .systemGood:
                .system
            }
        }
    }
}
