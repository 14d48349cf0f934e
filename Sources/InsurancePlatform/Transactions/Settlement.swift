/// 2207: an outpatient's settlement. Money: never repeated by itself.
public struct Settlement: PlatformTransaction {
    public static let infno = "2207"
    public var request: SettlementRequest

    public init(_ request: SettlementRequest) { self.request = request }
    public init(input: ExactJSON) throws(FsiError) {
        request = try SettlementRequest(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": request.node] }

    public static func answer(from output: ExactJSON) throws(FsiError) -> SettlementAnswer {
        try SettlementAnswer(booked: output)
    }
}
