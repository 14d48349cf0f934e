import AuditLog
import Foundation
import Synchronization
import Testing

@Suite("The published description")
struct OpenAPITests {
    @Test("Every published operation is answered by its own route")
    func routesExist() async throws {
        try await RunningServer.run { server in
            let contract = PublishedContract(try await server.expect(200, "GET", "/openapi.json").json)
            #expect(contract.operations.count > 50)
            for operation in contract.operations {
                let parts = operation.split(separator: " ").map(String.init)
                let path = parts[1].replacingOccurrences(of: "{path...}", with: "000")
                    .replacingOccurrences(of: "{", with: "").replacingOccurrences(of: "}", with: "")
                let answer = try await server.request(parts[0], path)
                #expect(answer.status != 405 && answer.code != "route_not_found", "\(operation)")
            }
        }
    }

    @Test("What is not published is not answered: other methods get 405 with Allow, other paths 404")
    func nothingElse() async throws {
        try await RunningServer.run { server in
            let contract = PublishedContract(try await server.expect(200, "GET", "/openapi.json").json)
            let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
            for path in Set(contract.operations.map { $0.split(separator: " ")[1] })
            where !path.contains("...") {
                let example = path.filter { $0 != "{" && $0 != "}" }
                let known = methods.filter { contract.operation($0, example) != nil }
                for method in methods where !known.contains(method) {
                    let answer = try await server.request(method, example)
                    #expect(answer.status == 405 && answer.code == "method_not_allowed", "\(method) \(path)")
                    for name in known {
                        #expect(answer.header("allow")?.contains(name) == true, "\(method) \(path)")
                    }
                }
            }
            for path in ["/", "/v1", "/v1/nothing", "/v2/codes", "/log", "/v1/codes/1/2/3"] {
                let answer = try await server.request("GET", path)
                #expect(answer.status == 404 && answer.code == "route_not_found", "\(path)")
                #expect(answer.header("content-type") == "application/problem+json")
            }
        }
    }

    @Test("Every answer of a code's whole life is as published", .timeLimit(.minutes(10)))
    func life() async throws {
        try await RunningServer.run { server in
            let contract = PublishedContract(try await server.expect(200, "GET", "/openapi.json").json)
            let life = WholeLife(server: server, contract: contract)
            try await life.run()
            // SignedCallTests make signed calls, PlatformRoutesTests and PlatformStoryTests settle and compare.
            let missing = contract.operations.subtracting(life.succeeded).filter {
                (!$0.hasSuffix("{path...}") || $0.contains("/log/")) && !$0.contains("/v1/platform/")
                    && !$0.contains("/v1/settlements/")
            }
            #expect(missing.isEmpty, "no successful answer was seen of \(missing.sorted())")
        }
    }

    @Test(
        "The description uses only what a reader of JSON Schema knows, and refers to nothing that is missing")
    func schemasCompile() async throws {
        try await RunningServer.run { server in
            let document = try await server.expect(200, "GET", "/openapi.json").json
            #expect(document["openapi"]?.string == "3.1.0")
            let components = document["components"] ?? .null
            for name in (components["schemas"]?.object ?? [:]).keys {
                let schema: JSON = [
                    "$ref": .string("#/components/schemas/\(name)"), "components": components,
                ]
                #expect(throws: Never.self) { _ = try JSONSchema(schema) }
            }
            let page = try await server.expect(200, "GET", "/docs")
            #expect(page.text.contains("/v1/activations"))
            #expect(
                !page.text.contains("src=\"http") && !page.text.contains("href=\"http"), "an outside asset")
        }
    }
}
