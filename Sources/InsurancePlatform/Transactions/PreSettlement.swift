/// 2206: what a settlement would come to. Nothing is booked.
public struct PreSettlement: PlatformTransaction {
    public static let infno = "2206"
    public var request: SettlementRequest

    public init(_ request: SettlementRequest) { self.request = request }
    public init(input: ExactJSON) throws(FsiError) {
        request = try SettlementRequest(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": request.node] }
    public typealias Answer = SettlementAnswer
}
