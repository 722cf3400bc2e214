namespace Grpc.Core;

/// <summary>What generated clients extend.</summary>
public abstract class ClientBase
{
    private readonly ClientBaseConfiguration? _configuration;
    private readonly CallInvoker? _callInvoker;

    // For test doubles: such a client has no invoker.
    protected ClientBase() { }

    protected ClientBase(ChannelBase channel) : this(channel.CreateCallInvoker()) { }

    protected ClientBase(CallInvoker callInvoker) : this(new ClientBaseConfiguration(callInvoker, null)) { }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _callInvoker = configuration.CreateCallInvoker();
    }

    protected CallInvoker CallInvoker => _callInvoker ?? throw new InvalidOperationException("The client was made without a call invoker.");

    internal ClientBaseConfiguration Configuration =>
        _configuration ?? throw new InvalidOperationException("The client was made without a configuration.");

    protected internal class ClientBaseConfiguration
    {
        private readonly CallInvoker _invoker;
        private readonly string? _host;

        internal ClientBaseConfiguration(CallInvoker invoker, string? host) => (_invoker, _host) = (invoker, host);

        internal CallInvoker CreateCallInvoker() => _host is null ? _invoker : new HostCallInvoker(_invoker, _host);
        internal ClientBaseConfiguration WithHost(string host) => new(_invoker, host);
    }
}

public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    protected ClientBase() { }
    protected ClientBase(ChannelBase channel) : base(channel) { }
    protected ClientBase(CallInvoker callInvoker) : base(callInvoker) { }
    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration) { }

    /// <summary>The same client with another :authority in its requests.</summary>
    public T WithHost(string host) => NewInstance(Configuration.WithHost(host));

    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
