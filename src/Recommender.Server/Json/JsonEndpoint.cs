using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Recommender.Server.Json;

/// <summary>
/// Serves one method over JSON, from the request's checks to its answer or error: the one place where errors become HTTP.
/// </summary>
/// <param name="route">Where it is reached.</param>
/// <param name="streamsRequests">Whether the body is a stream of messages.</param>
/// <param name="serve">Runs the handler and writes its answers.</param>
internal sealed class JsonEndpoint(
    JsonRoute route, IMethod method, bool streamsRequests, Func<JsonRequest, Task> serve, JsonOptions options, TimeProvider clock)
{
    public JsonRoute Route => route;

    public async Task ServeAsync(HttpContext http)
    {
        JsonCall? call = null;
        try
        {
            CheckContentType(http.Request);
            LiftLimits(http);
            call = new JsonCall(http, method, TimeoutHeader.Read(http.Request), clock);
            options.Admit(call);
            var body = new JsonBody(http.Request.BodyReader, options.MaxMessageBytes);
            await serve(new JsonRequest(http, route, call, body));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = HttpStatus.Of(StatusCode.Cancelled); // nobody reads it; the access log does
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            (int httpStatus, RpcException error) = Translate(e, call);
            await AnswerAsync(http, httpStatus, error);
        }
        finally
        {
            call?.Dispose();
        }
    }

    private (int HttpStatus, RpcException Error) Translate(Exception thrown, JsonCall? call)
    {
        switch (thrown)
        {
            case HttpRefusalException refusal:
                return (refusal.HttpStatus, new RpcException(new Status(refusal.Code, refusal.Message)));
            case BadHttpRequestException bad:
                StatusCode code = bad.StatusCode == 413 ? StatusCode.ResourceExhausted : StatusCode.InvalidArgument;
                return (bad.StatusCode, new RpcException(new Status(code, bad.Message)));
            case OperationCanceledException when call is { DeadlineHasPassed: true }:
                return (HttpStatus.Of(StatusCode.DeadlineExceeded),
                    new RpcException(new Status(StatusCode.DeadlineExceeded, "the deadline has passed")));
        }
        RpcException error = thrown as RpcException ?? options.ToRpcException(thrown);
        return (HttpStatus.Of(error.StatusCode), error);
    }

    // After the first line of a stream the status is gone, so the error is the last line.
    private Task AnswerAsync(HttpContext http, int httpStatus, RpcException error)
    {
        // The rest of a body that nobody wants may be long: the client is told to stop, and to use another connection.
        bool unread = streamsRequests || httpStatus == 413;
        if (unread && !http.Response.HasStarted && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        if (!http.Response.HasStarted) return JsonError.WriteAsync(http, httpStatus, error, http.RequestAborted);
        var last = new JsonObject { ["error"] = JsonError.Of(error) };
        byte[] line = Encoding.UTF8.GetBytes(last.ToJsonString(JsonText.Options) + "\n");
        return http.Response.Body.WriteAsync(line, http.RequestAborted).AsTask();
    }

    private void CheckContentType(HttpRequest request)
    {
        if (route.BodyType is null) return;
        string wanted = streamsRequests ? $"{JsonText.LinesContentType} (one message a line)" : JsonText.ContentType;
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not "identity")
            throw new HttpRefusalException(
                415, StatusCode.InvalidArgument, $"a body with Content-Encoding {encoding} is not read; send it as it is");
        if (request.ContentType is null && request.ContentLength is null or 0 && !request.Headers.ContainsKey(HeaderNames.TransferEncoding))
            return;

        bool isRight = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType == JsonText.ContentType
                || (streamsRequests && type.MediaType.Value is JsonText.LinesContentType or "application/ndjson"))
            && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isRight)
            throw new HttpRefusalException(
                415, StatusCode.InvalidArgument, $"send Content-Type: {wanted}, in UTF-8; this is {request.ContentType ?? "not said"}");
    }

    // The size of a stream is not limited, only that of each line, and it may pause as long as its sender likes.
    private void LiftLimits(HttpContext http)
    {
        if (!streamsRequests) return;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}

/// <summary>One call: what came, and how to answer it.</summary>
internal sealed record JsonRequest(HttpContext Http, JsonRoute Route, JsonCall Call, JsonBody Body)
{
    /// <summary>
    /// The one message of a call that does not stream: from the body, then the query, then the path, which has the last word.
    /// </summary>
    public async Task<T> ReadAsync<T>() where T : class
    {
        IMessage message = (IMessage)Activator.CreateInstance<T>();
        if (Route.BodyType is { } bodyType)
        {
            byte[] body = await Body.ReadAllAsync(Call.CancellationToken);
            if (body.Length > 0)
            {
                IMessage read = JsonText.Read(body, bodyType);
                if (Route.BodyField is null) message = read;
                else Route.BodyField.Accessor.SetValue(message, read);
            }
        }
        QueryFields.Bind(Http.Request.Query, Route, message);
        Route.BindVariables(RawPath(Http), message);
        return (T)message;
    }

    public async Task AnswerAsync(IMessage answer)
    {
        byte[] body = JsonText.Write(answer, endLine: true);
        Http.Response.ContentType = JsonText.ContentType;
        Http.Response.ContentLength = body.Length;
        await Http.Response.Body.WriteAsync(body, Call.CancellationToken);
    }

    private static string RawPath(HttpContext http)
    {
        string target = http.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw
            ? raw
            : http.Request.Path.ToUriComponent();
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
