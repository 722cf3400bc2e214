using Google.Protobuf;
using Grpc.Core;
using V1 = Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace Recommender.Grpc;

/// <summary>The standard service grpc.reflection.v1.ServerReflection.</summary>
internal sealed class ReflectionService(ReflectionAnswers answers) : V1.ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<V1.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1.ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(answers.Answer(request), context.CancellationToken);
    }
}

/// <summary>The same under the name grpc.reflection.v1alpha.ServerReflection. The messages of both are alike byte for byte.</summary>
internal sealed class ReflectionServiceV1Alpha(ReflectionAnswers answers) : V1Alpha.ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<V1Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1Alpha.ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var answer = answers.Answer(V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteArray()));
            await responseStream.WriteAsync(
                V1Alpha.ServerReflectionResponse.Parser.ParseFrom(answer.ToByteArray()), context.CancellationToken);
        }
    }
}
