using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Recommender.Server.Json;

/// <summary>Describes the annotated paths as an OpenAPI 3.1 document.</summary>
internal static class OpenApiDocument
{
    private const string About =
        "The gRPC services as JSON over HTTP. Every method is also at POST /package.Service/Method with its whole request as the body. "
        + "Fields may be sent in lowerCamelCase as well; unknown ones are errors. A stream is one JSON object a line; if it fails after "
        + "its first line, the last line is {\"error\": Status}. The header grpc-timeout (500m, 2S) sets a deadline.";

    /// <param name="services">In the order in which they are to be listed.</param>
    public static JsonObject Of(IReadOnlyList<ServiceDescriptor> services, JsonOptions options)
    {
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (ServiceDescriptor service in services)
        {
            foreach (JsonRoute route in service.Methods.SelectMany(JsonRoute.Of))
            {
                if (paths[route.Path] is not JsonObject path) paths[route.Path] = path = [];
                path[route.Verb.ToLowerInvariant()] = Operation(
                    route, schemas, isFirst: JsonRoute.Of(route.Method).First().Path == route.Path);
            }
        }

        JsonObject status = schemas.Of(Google.Rpc.Status.Descriptor);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = options.Title, ["version"] = options.Version, ["description"] = About },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. services.Select(Tag)]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Collected,
                ["responses"] = new JsonObject { ["Error"] = Response("An error: google.rpc.Status.", JsonText.ContentType, status) },
            },
        };
    }

    private static JsonObject Tag(ServiceDescriptor service)
    {
        var tag = new JsonObject { ["name"] = service.Name };
        if (Comments.Of(service.Declaration) is { } comment) tag["description"] = comment;
        return tag;
    }

    private static JsonObject Operation(JsonRoute route, OpenApiSchemas schemas, bool isFirst)
    {
        MethodDescriptor method = route.Method;
        var operation = new JsonObject
        {
            ["operationId"] = $"{method.Service.Name}_{method.Name}" + (isFirst ? "" : $"_{route.Verb}"),
            ["tags"] = new JsonArray(method.Service.Name),
            ["summary"] = InWords(method.Name),
        };
        if (Comments.Of(method.Declaration) is { } comment) operation["description"] = comment;

        JsonObject[] parameters =
        [
            .. route.Variables.Select(field => Parameter(field, "path", schemas)),
            .. route.QueryFields.Where(QueryFields.IsSupported).Select(field => Parameter(field, "query", schemas)),
        ];
        if (parameters.Length > 0) operation["parameters"] = new JsonArray([.. parameters]);

        if (route.BodyType is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = body.Fields.InDeclarationOrder().Count > route.Variables.Count,
                ["content"] = Content(method.IsClientStreaming ? JsonText.LinesContentType : JsonText.ContentType, schemas.Of(body)),
            };
        }
        operation["responses"] = new JsonObject
        {
            ["200"] = method.IsServerStreaming
                ? Response("One message a line.", JsonText.LinesContentType, schemas.Of(method.OutputType))
                : Response("Done.", JsonText.ContentType, schemas.Of(method.OutputType)),
            ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Error" },
        };
        return operation;
    }

    private static JsonObject Parameter(FieldDescriptor field, string place, OpenApiSchemas schemas)
    {
        var parameter = new JsonObject { ["name"] = field.Name, ["in"] = place };
        if (place == "path") parameter["required"] = true;
        if (Comments.Of(field.Declaration) is { } comment) parameter["description"] = comment;
        parameter["schema"] = schemas.Of(field);
        return parameter;
    }

    private static JsonObject Response(string description, string contentType, JsonObject schema) =>
        new() { ["description"] = description, ["content"] = Content(contentType, schema) };

    private static JsonObject Content(string contentType, JsonObject schema) =>
        new() { [contentType] = new JsonObject { ["schema"] = schema } };

    // UpsertItems: "Upsert items".
    private static string InWords(string name)
    {
        IEnumerable<string> letters = name.Select(
            (letter, i) => i > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : $"{letter}");
        return string.Concat(letters);
    }
}
