using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Recommender.Grpc;

namespace Recommender.Server.Json;

/// <summary>google.rpc.Status as JSON: code, message and details.</summary>
internal static class JsonError
{
    private static readonly TypeRegistry _detailTypes = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);
    private static readonly JsonFormatter _details = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithTypeRegistry(_detailTypes));

    public static JsonObject Of(RpcException error)
    {
        var details = new JsonArray();
        foreach (var detail in error.GetRichStatus()?.Details ?? [])
        {
            // A detail of a type that this server does not know is passed on as it is.
            details.Add(_detailTypes.Find(Google.Protobuf.WellKnownTypes.Any.GetTypeName(detail.TypeUrl)) is null
                ? new JsonObject { ["@type"] = detail.TypeUrl, ["value"] = detail.Value.ToBase64() }
                : JsonNode.Parse(_details.Format(detail)));
        }
        return new JsonObject { ["code"] = (int)error.StatusCode, ["message"] = error.Status.Detail, ["details"] = details };
    }

    /// <summary>Answers a request to which nothing has been answered yet.</summary>
    public static async Task WriteAsync(HttpContext http, int httpStatus, RpcException error, CancellationToken cancellation)
    {
        byte[] body = Encoding.UTF8.GetBytes(Of(error).ToJsonString(JsonText.Options) + "\n");
        http.Response.StatusCode = httpStatus;
        http.Response.ContentType = JsonText.ContentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, cancellation);
    }
}
