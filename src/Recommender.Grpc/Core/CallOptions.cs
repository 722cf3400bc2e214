using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>How one call is made: its headers, its deadline (UTC), what cancels it.</summary>
[SuppressMessage("Design", "CA1068", Justification = "The order of generated code.")]
public struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null,
    ContextPropagationToken? propagationToken = null,
    CallCredentials? credentials = null)
{
    public Metadata? Headers { readonly get; private set; } = headers;
    public DateTime? Deadline { readonly get; private set; } = deadline;
    public CancellationToken CancellationToken { readonly get; private set; } = cancellationToken;
    public WriteOptions? WriteOptions { readonly get; private set; } = writeOptions;
    public ContextPropagationToken? PropagationToken { readonly get; private set; } = propagationToken;
    public CallCredentials? Credentials { readonly get; private set; } = credentials;

    public readonly CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };
    public readonly CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };
    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };
    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };
    public readonly CallOptions WithPropagationToken(ContextPropagationToken propagationToken) =>
        this with { PropagationToken = propagationToken };
    public readonly CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };
}
