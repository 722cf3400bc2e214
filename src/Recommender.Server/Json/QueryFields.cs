using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Recommender.Grpc;

namespace Recommender.Server.Json;

/// <summary>
/// Reads fields of a request from the query: <c>?page_size=20&amp;property_mask=title,price</c>. A repeated field may come several times.
/// </summary>
internal static class QueryFields
{
    /// <exception cref="RpcException">InvalidArgument: an unknown field, one that cannot come this way, or a wrong value.</exception>
    public static void Bind(IQueryCollection query, JsonRoute route, IMessage request)
    {
        if (query.Count == 0) return;
        FieldDescriptor[] fields = [.. route.QueryFields];
        foreach ((string name, var values) in query)
        {
            FieldDescriptor field = fields.FirstOrDefault(field => field.Name == name || field.JsonName == name)
                ?? throw Unknown(route, name, fields);
            if (!IsSupported(field))
                throw RpcError.InvalidArgument(
                    field.Name, $"an object cannot come in the query; POST the request to {JsonRoute.ByName(route.Method).Path}");
            if (values.Count != 1 && !field.IsRepeated)
                throw RpcError.InvalidArgument(field.Name, $"came {values.Count} times in the query; it has one value");

            JsonNode[] texts = [.. values.Select(value => AsJson(field, value ?? ""))];
            var alone = new JsonObject { [field.JsonName] = field.IsRepeated ? new JsonArray(texts) : texts[0] };
            try
            {
                request.MergeFrom(JsonText.Read(Encoding.UTF8.GetBytes(alone.ToJsonString()), request.Descriptor).ToByteString());
            }
            catch (RpcException e)
            {
                // The place is one in a text that the caller has not written.
                string problem = e.Status.Detail[(e.Status.Detail.IndexOf(": must", StringComparison.Ordinal) + 2)..];
                throw RpcError.InvalidArgument(field.Name, problem);
            }
        }
    }

    public static bool IsSupported(FieldDescriptor field) => !field.IsMap && (field.FieldType != FieldType.Message
        || field.MessageType.FullName is "google.protobuf.Timestamp" or "google.protobuf.Duration" or "google.protobuf.FieldMask");

    private static JsonValue AsJson(FieldDescriptor field, string value) =>
        field.FieldType == FieldType.Bool && value is "true" or "false" ? JsonValue.Create(value == "true") : JsonValue.Create(value);

    private static RpcException Unknown(JsonRoute route, string name, FieldDescriptor[] fields)
    {
        string hint = NearestName.Of(name, fields.Select(field => field.Name)) is { } nearest ? $"did you mean {nearest}?"
            : fields.Length == 0
                ? $"{route.Verb} {route.Path} takes none"
                : $"{route.Verb} {route.Path} takes {string.Join(", ", fields.Select(field => field.Name))}";
        return RpcError.InvalidArgument(name, $"there is no such query parameter; {hint}");
    }
}
