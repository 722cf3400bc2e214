using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Recommender.Server.Json;

/// <summary>
/// One way to reach a method: a verb and a path. Paths are those of the google.api.http annotation, of which this takes literals and
/// variables of one segment (<c>/v1/events/{event_id}:undo</c>), and <c>/package.Service/Method</c>, which every method has.
/// </summary>
internal sealed class JsonRoute
{
    private readonly Segment[] _segments;

    private JsonRoute(MethodDescriptor method, string verb, string path, string body)
    {
        Method = method;
        Verb = verb;
        Path = path;
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        _segments = [.. parts.Select(part => Read(method, path, part))];
        Variables = [.. _segments.Select(segment => segment.Variable).OfType<FieldDescriptor>()];
        TakesWholeBody = body == "*";
        if (body.Length > 0 && !TakesWholeBody) BodyField = Field(method, path, body);
        BodyType = TakesWholeBody ? method.InputType : BodyField?.MessageType;
        if (BodyField is not null && BodyType is null) throw Unusable(method, path, $"the body field '{body}' is no message");
    }

    public MethodDescriptor Method { get; }

    /// <summary>GET, POST, PUT, PATCH or DELETE.</summary>
    public string Verb { get; }

    /// <summary>As annotated, with the names of the variables.</summary>
    public string Path { get; }

    /// <summary>As ASP.NET writes it. Variables are numbered, so that paths which differ in their names alone are one endpoint.</summary>
    public string Pattern =>
        "/" + string.Join('/', _segments.Select((segment, i) => segment.Variable is null ? segment.Literal : $"{{v{i}}}{segment.Literal}"));

    public IReadOnlyList<FieldDescriptor> Variables { get; }

    /// <summary>The message that the body is; null where there is no body.</summary>
    public MessageDescriptor? BodyType { get; }

    /// <summary>The field of the request that the body is; null where the body is the request, and where there is none.</summary>
    public FieldDescriptor? BodyField { get; }

    private bool TakesWholeBody { get; }

    /// <summary>The fields of the request that the query may set.</summary>
    public IEnumerable<FieldDescriptor> QueryFields =>
        TakesWholeBody ? [] : Method.InputType.Fields.InDeclarationOrder().Where(each => each != BodyField && !Variables.Contains(each));

    public static IEnumerable<JsonRoute> Of(MethodDescriptor method)
    {
        if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule) yield break;
        foreach (HttpRule way in (HttpRule[])[rule, .. rule.AdditionalBindings]) yield return Of(method, way);
    }

    public static JsonRoute ByName(MethodDescriptor method) => new(method, "POST", $"/{method.Service.FullName}/{method.Name}", "*");

    /// <summary>Sets the fields that the path names. It is read from the raw target, in which a slash inside an id is still %2F.</summary>
    public void BindVariables(string rawPath, IMessage request)
    {
        if (Variables.Count == 0) return;
        string[] parts = rawPath.Split('/');
        for (int i = 0; i < _segments.Length; i++)
        {
            Segment segment = _segments[i];
            if (segment.Variable is null) continue;
            string value = Uri.UnescapeDataString(parts[parts.Length - _segments.Length + i]);
            segment.Variable.Accessor.SetValue(request, value[..^segment.Literal.Length]);
        }
    }

    private static JsonRoute Of(MethodDescriptor method, HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => new JsonRoute(method, "GET", rule.Get, rule.Body),
        HttpRule.PatternOneofCase.Post => new JsonRoute(method, "POST", rule.Post, rule.Body),
        HttpRule.PatternOneofCase.Put => new JsonRoute(method, "PUT", rule.Put, rule.Body),
        HttpRule.PatternOneofCase.Patch => new JsonRoute(method, "PATCH", rule.Patch, rule.Body),
        HttpRule.PatternOneofCase.Delete => new JsonRoute(method, "DELETE", rule.Delete, rule.Body),
        _ => throw Unusable(method, rule.PatternCase.ToString(), "only get, post, put, patch and delete are supported"),
    };

    private static Segment Read(MethodDescriptor method, string path, string part)
    {
        if (!part.StartsWith('{'))
            return part.ContainsAny('{', '}', '*')
                ? throw Unusable(method, path, $"'{part}' is neither a word nor a variable")
                : new Segment(part, null);
        int end = part.IndexOf('}', StringComparison.Ordinal);
        string name = end < 0 ? "" : part[1..end];
        FieldDescriptor field = Field(method, path, name);
        return field.FieldType == FieldType.String && !field.IsRepeated
            ? new Segment(part[(end + 1)..], field)
            : throw Unusable(method, path, $"the variable '{name}' is no string");
    }

    private static FieldDescriptor Field(MethodDescriptor method, string path, string name) =>
        method.InputType.FindFieldByName(name) ?? throw Unusable(method, path, $"{method.InputType.Name} has no field '{name}'");

    private static InvalidOperationException Unusable(MethodDescriptor method, string path, string why) =>
        new($"The google.api.http annotation of {method.FullName}, '{path}', cannot be served: {why}.");

    /// <param name="Literal">What is fixed: the whole segment, or what follows the variable.</param>
    private readonly record struct Segment(string Literal, FieldDescriptor? Variable);
}
