using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grpc.Core;
using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Expressions;
using Recommender.Models;
using Recommender.Server.Errors;
using Recommender.Storage;
using Recommender.Tuning;

namespace Recommender.Cli.Terminal;

/// <summary>The failures that are a user's to mend, each as one sentence. Anything else is ours and keeps its stack trace.</summary>
internal static class KnownErrors
{
    public static string? Explain(Exception error) => error switch
    {
        RefusedException or StoreException or InvalidModelException or InvalidRecipeException or ImportException or ExpressionException
            or TuningException or SchemaException or InputException or TrainingException or TrainingTooLargeException or InvalidDataException
            or UnusableLocationException => error.Message,
        RpcException rpc => $"the server answered {rpc.StatusCode}: {rpc.Status.Detail}",
        CryptographicException => $"the certificate or its key cannot be read: {error.Message}",
        SocketException => $"the address cannot be listened on: {error.Message}",
        ValidationException or UnauthorizedAccessException or IOException => error.Message,
        _ => null,
    };
}

/// <summary>Something on the command line or in a file it names is not as it must be.</summary>
internal sealed class InputException(string message, Exception? cause = null) : Exception(message, cause);
