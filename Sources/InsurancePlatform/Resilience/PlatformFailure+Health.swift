extension PlatformFailure {
    /// What it tells of the platform's health: transport errors and 5xx only, never who asked or for what.
    var health: CircuitBreaker.Outcome {
        switch reason {
        case .unreachable, .tlsFailed, .timeout, .connectionLost, .serverError: .failed
        case .unreadableAnswer, .rejected, .unauthorized, .circuitOpen, .overloaded, .noToken, .badRequest:
            .neither
        }
    }

    /// Whether asking again may help.
    var isTransient: Bool {
        switch reason {
        case .unreachable, .timeout, .connectionLost, .serverError, .unreadableAnswer: true
        case .tlsFailed, .rejected, .unauthorized, .circuitOpen, .overloaded, .noToken, .badRequest: false
        }
    }
}
