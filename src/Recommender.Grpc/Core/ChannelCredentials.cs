namespace Grpc.Core;

/// <summary>Whether a channel is encrypted, and which call credentials all of its calls carry.</summary>
public abstract class ChannelCredentials
{
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal abstract bool IsSecure { get; }
    internal virtual CallCredentials? CallCredentials => null;

    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        return new CompositeCredentials(channelCredentials, callCredentials);
    }

    private sealed class InsecureCredentials : ChannelCredentials
    {
        internal override bool IsSecure => false;
    }

    private sealed class CompositeCredentials(ChannelCredentials channel, CallCredentials call) : ChannelCredentials
    {
        internal override bool IsSecure => channel.IsSecure;

        internal override CallCredentials? CallCredentials => channel.CallCredentials is { } inner
            ? CallCredentials.Compose(inner, call)
            : call;
    }
}

/// <summary>TLS as the channel's HTTP handler is set up to do it.</summary>
public sealed class SslCredentials : ChannelCredentials
{
    internal override bool IsSecure => true;
}
