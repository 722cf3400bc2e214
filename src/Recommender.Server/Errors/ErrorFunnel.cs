using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Recommender.Catalogue;
using Recommender.Expressions;
using Recommender.Grpc;
using Recommender.Models;
using Recommender.Storage;
using Status = Grpc.Core.Status;

namespace Recommender.Server.Errors;

/// <summary>The one place where an exception becomes a status: google.rpc.Status with field violations, for gRPC and for JSON alike.</summary>
internal sealed partial class ErrorFunnel(ILogger<ErrorFunnel> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var deadline = CallDeadline.Use(context);
        try { return await continuation(request, context); }
        catch (Exception error) when (error is not RpcException) { throw ToStatus(error); }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var deadline = CallDeadline.Use(context);
        try { return await continuation(requestStream, context); }
        catch (Exception error) when (error is not RpcException) { throw ToStatus(error); }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var deadline = CallDeadline.Use(context);
        try { await continuation(request, responseStream, context); }
        catch (Exception error) when (error is not RpcException) { throw ToStatus(error); }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var deadline = CallDeadline.Use(context);
        try { await continuation(requestStream, responseStream, context); }
        catch (Exception error) when (error is not RpcException) { throw ToStatus(error); }
    }

    public RpcException ToStatus(Exception error)
    {
        switch (error)
        {
            case RpcException status:
                return status;
            case RefusedException refused:
                return Rich(refused.Code, refused.Message, refused.Violations);
            case ExpressionException expression:
                return Rich(StatusCode.InvalidArgument, $"filter: {expression.Message}", [new("filter", expression.Message)]);
            case SchemaException schema:
                return Rich(StatusCode.InvalidArgument, schema.Message, [new("items", schema.Message)]);
            case InvalidRecipeException recipe:
                return Rich(StatusCode.InvalidArgument, recipe.Message, [new("recipe_json", recipe.Message)]);
            case InvalidModelException model:
                return new RpcException(new Status(StatusCode.FailedPrecondition, model.Message));
            case TrainingException training:
                return new RpcException(new Status(StatusCode.FailedPrecondition, training.Message));
            case TrainingTooLargeException large:
                return new RpcException(new Status(StatusCode.ResourceExhausted, large.Message));
            case OperationCanceledException:
                return new RpcException(new Status(StatusCode.Cancelled, "the call was cancelled or its deadline has passed"));
            case StoreFullException full:
                Log.StoreFull(logger, full.Message);
                return new RpcException(new Status(StatusCode.ResourceExhausted, full.Message));
            case StoreTimeoutException late:
                Log.StoreFailed(logger, late.Message);
                return new RpcException(new Status(StatusCode.DeadlineExceeded, late.Message));
            case StoreTooNewException newer:
                Log.StoreFailed(logger, newer.Message);
                return new RpcException(new Status(StatusCode.FailedPrecondition, newer.Message));
            case StoreException store:
                Log.StoreFailed(logger, store.Message);
                return new RpcException(new Status(StatusCode.Unavailable, store.Message));
            case IOException disk:
                Log.StoreFailed(logger, disk.Message);
                return new RpcException(new Status(StatusCode.Unavailable, disk.Message));
            default:
                string reference = Guid.NewGuid().ToString("N")[..8];
                Log.Unexpected(logger, reference, error);
                return new RpcException(new Status(StatusCode.Internal, $"an error of the server, not of the request; its log has it under {reference}"));
        }
    }

    private static RpcException Rich(StatusCode code, string message, IReadOnlyList<Violation> violations)
    {
        if (violations.Count == 0) return new RpcException(new Status(code, message));
        var request = new BadRequest();
        foreach (var violation in violations)
            request.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Problem });
        return new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(request) } }.ToRpcException();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 100, Level = LogLevel.Error, Message = "Unexpected error {Reference}")]
        public static partial void Unexpected(ILogger logger, string reference, Exception error);

        [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "The store is full: {Problem}")]
        public static partial void StoreFull(ILogger logger, string problem);

        [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "The store failed: {Problem}")]
        public static partial void StoreFailed(ILogger logger, string problem);
    }
}
