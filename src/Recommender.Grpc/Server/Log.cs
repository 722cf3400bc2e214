using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Recommender.Grpc.Server;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Method} answered {Code}: {Detail}")]
    public static partial void Failed(ILogger logger, string method, StatusCode code, string detail);

    [LoggerMessage(2, LogLevel.Error, "{Method} threw.")]
    public static partial void Threw(ILogger logger, string method, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "{Method} could not send its answer at the deadline.")]
    public static partial void CouldNotAnswerAtDeadline(ILogger logger, string method, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "The handler of {Method} ended with an exception after its deadline.")]
    public static partial void FailedAfterDeadline(ILogger logger, string method, Exception exception);
}
