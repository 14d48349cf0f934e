/// Seconds of one call each: the median of rounds that alternate, so that both see the same machine.
func perCall(_ ours: () -> Void, _ theirs: () -> Void) -> (Double, Double) {
    let calls = (callsOfARound(ours), callsOfARound(theirs))
    var rounds: (ours: [Double], theirs: [Double]) = ([], [])
    for _ in 0..<9 {
        rounds.ours.append(seconds(calls.0, ours) / Double(calls.0))
        rounds.theirs.append(seconds(calls.1, theirs) / Double(calls.1))
    }
    return (rounds.ours.quantile(0.5), rounds.theirs.quantile(0.5))
}

private func callsOfARound(_ work: () -> Void) -> Int {
    var calls = 1
    while seconds(calls, work) < 0.015 { calls *= 2 }
    return calls
}

private func seconds(_ calls: Int, _ work: () -> Void) -> Double {
    let taken = ContinuousClock().measure { for _ in 0..<calls { work() } }
    return taken.milliseconds / 1000
}
