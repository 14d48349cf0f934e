import AuditLog
import HTTPTypes
import Storage

/// The OpenAPI 3.1 document, made from the routes and the schemas that the server itself works by.
enum OpenAPI {
    static func schemas() throws -> [String: JSON] {
        let requests = try JSON(parsing: Array(RequestSchemas.text.utf8)).object ?? [:]
        let answers = try JSON(parsing: Array(AnswerSchemas.text.utf8)).object ?? [:]
        let platform = try JSON(parsing: Array(PlatformSchemas.text.utf8)).object ?? [:]
        return requests.merging(answers) { first, _ in first }.merging(platform) { first, _ in first }
    }

    /// A schema by name, compiled with all that it refers to.
    static func compiled(_ name: String, _ schemas: [String: JSON]) throws -> JSONSchema {
        try JSONSchema([
            "$ref": .string("#/components/schemas/\(name)"), "components": ["schemas": .object(schemas)],
        ])
    }

    static func document(_ routes: [Route], version: String) throws -> JSON {
        var paths: [String: JSON] = [:]
        for route in routes {
            var operations = paths[route.path]?.object ?? [:]
            operations[route.method.rawValue.lowercased()] = operation(route)
            paths[route.path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Hufu", "version": .string(version),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
                "description": "Activation codes, and a log of every decision that outsiders can verify.",
            ],
            "paths": .object(paths),
            "components": [
                "schemas": .object(try schemas()),
                "securitySchemes": [
                    "operator": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
                    "device": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
                    "signature": [
                        "type": "apiKey", "in": "header", "name": "X-Signature",
                        "description": "One of the versions in docs/formats/request-signing.md",
                    ],
                ],
            ],
        ]
    }

    private static func operation(_ route: Route) -> JSON {
        var operation: [String: JSON] = [
            "summary": .string(route.summary), "tags": [.string(route.tag)],
            "security": .array(security(route.access)), "x-access": .string(route.access.text),
            "responses": .object(responses(route)),
        ]
        if let request = route.request {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": reference(request)]],
            ]
        }
        let parameters = pathParameters(route) + route.query.map(queryParameter) + headers(route)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        return .object(operation)
    }

    private static func responses(_ route: Route) -> [String: JSON] {
        var responses: [String: JSON] = [
            "default": [
                "description": "A problem (RFC 9457)",
                "content": ["application/problem+json": ["schema": reference("Problem")]],
            ]
        ]
        for status in [route.status, route.otherStatus].compactMap({ $0 }) {
            responses["\(status)"] = answer(route)
        }
        return responses
    }

    private static func answer(_ route: Route) -> JSON {
        var answer: [String: JSON] = ["description": .string(route.summary)]
        if let name = route.answer {
            let schema: JSON =
                route.isList
                ? [
                    "type": "object", "required": ["items"],
                    "properties": [
                        "items": ["type": "array", "items": reference(name)],
                        "next_cursor": ["type": "string"],
                    ],
                ] : reference(name)
            answer["content"] = ["application/json": ["schema": schema]]
        } else if let mediaType = route.mediaType {
            answer["content"] = .object([mediaType: [:]])
        }
        return .object(answer)
    }

    private static func security(_ access: Access) -> [JSON] {
        switch access {
        case .anybody, .holder: [[:]]
        case .holderOrDevice: [[:], ["device": []]]
        case .device: [["device": []]]
        case .signed: [["signature": []]]
        case .operators, .entryBundles: [["operator": []]]
        case .local: [[:], ["operator": []]]
        }
    }

    private static func pathParameters(_ route: Route) -> [JSON] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            [
                "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": ["type": "string"],
            ]
        }
    }

    private static func queryParameter(_ name: String) -> JSON {
        ["name": .string(name), "in": "query", "schema": name == "limit" ? limit : ["type": "string"]]
    }

    private static let limit: JSON = ["type": "integer", "minimum": 1, "maximum": 500, "default": 50]

    private static func headers(_ route: Route) -> [JSON] {
        guard route.method != .get, route.isRepeatable else { return [] }
        return [
            [
                "name": "Idempotency-Key", "in": "header", "schema": ["type": "string", "maxLength": 128],
                "description": "Repeats within 24 hours get the first answer again",
            ]
        ]
    }

    private static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(name)")]
    }
}

extension Access {
    /// As published: who may call.
    var text: String {
        switch self {
        case .anybody: "anybody"
        case .holder: "the holder of the secret in the body"
        case .holderOrDevice: "the holder of the code in the body, or a device"
        case .device: "a bound device"
        case .signed: "a bound device, by its signature"
        case .operators(let roles): roles.map(\.rawValue).sorted().joined(separator: ", ")
        case .entryBundles: "admin, auditor; anybody with --public-log"
        case .local: "the machine itself; admin, auditor"
        }
    }
}
