using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Recommender.Server.Json;

/// <summary>The OpenAPI document as one page for people, without scripts.</summary>
internal static class DocsPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}
        code{font:13px ui-monospace,monospace}h2{margin-top:2.5rem}table{border-collapse:collapse;width:100%}
        td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd}
        .verb{display:inline-block;min-width:4rem;font-weight:600}a{color:#06c}
        """;

    public static string Of(JsonObject document)
    {
        var page = new StringBuilder();
        string title = Text(document["info"]!["title"]);
        page.Append($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{Style}</style>");
        page.Append($"<h1>{title} {Text(document["info"]!["version"])}</h1><p>{Text(document["info"]!["description"])}</p>");
        page.Append("<p>For machines: <a href=\"openapi.json\">openapi.json</a></p>");

        foreach (JsonNode? tag in document["tags"]!.AsArray())
        {
            page.Append($"<h2>{Text(tag!["name"])}</h2><p>{Text(tag["description"])}</p><table>");
            foreach ((string path, JsonNode? verbs) in document["paths"]!.AsObject())
            {
                foreach ((string verb, JsonNode? operation) in verbs!.AsObject())
                {
                    if (operation!["tags"]![0]!.GetValue<string>() == tag["name"]!.GetValue<string>())
                        AppendOperation(page, verb, path, operation);
                }
            }
            page.Append("</table>");
        }

        page.Append("<h2>Messages</h2>");
        foreach ((string name, JsonNode? schema) in document["components"]!["schemas"]!.AsObject()) AppendSchema(page, name, schema!);
        return page.Append("</html>").ToString();
    }

    private static void AppendOperation(StringBuilder page, string verb, string path, JsonNode operation)
    {
        page.Append($"<tr><td><span class=\"verb\">{verb.ToUpperInvariant()}</span> <code>{WebUtility.HtmlEncode(path)}</code>");
        page.Append($"<td>{Text(operation["description"] ?? operation["summary"])}");
        if (operation["parameters"] is JsonArray parameters)
            page.Append($"<br>Parameters: <code>{string.Join(", ", parameters.Select(parameter => Text(parameter!["name"])))}</code>");
        if (operation["requestBody"] is { } body) page.Append($"<br>Takes {Type(Schema(body))}");
        page.Append($"<br>Answers {Type(Schema(operation["responses"]!["200"]!))}");
    }

    private static void AppendSchema(StringBuilder page, string name, JsonNode schema)
    {
        page.Append($"<h3 id=\"{name}\">{name}</h3><p>{Text(schema["description"])}</p>");
        if (schema["enum"] is JsonArray values)
            page.Append($"<p><code>{string.Join(", ", values.Select(value => Text(value)))}</code></p>");
        if (schema["properties"] is not JsonObject { Count: > 0 } properties) return;
        page.Append("<table>");
        foreach ((string field, JsonNode? type) in properties)
            page.Append($"<tr><td><code>{field}</code><td>{Type(type!)}<td>{Text(type!["description"])}");
        page.Append("</table>");
    }

    private static JsonNode Schema(JsonNode withContent) => withContent["content"]!.AsObject().First().Value!["schema"]!;

    private static string Type(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
        {
            string name = reference.GetValue<string>().Split('/')[^1];
            return $"<a href=\"#{name}\">{name}</a>";
        }
        if (schema["items"] is { } items) return $"list of {Type(items)}";
        if (schema["additionalProperties"] is JsonObject values) return $"map of {Type(values)}";
        string type = schema["type"] is JsonArray kinds ? string.Join(" or ", kinds.Select(kind => Text(kind))) : Text(schema["type"]);
        return schema["format"] is { } format ? $"{type} ({Text(format)})" : type;
    }

    private static string Text(JsonNode? node) => WebUtility.HtmlEncode(node?.GetValue<string>() ?? "");
}
