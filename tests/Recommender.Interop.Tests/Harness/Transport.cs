namespace Recommender.Interop.Tests.Harness;

public enum Transport
{
    /// <summary>HTTP/2 without TLS, from the first byte (h2c with prior knowledge).</summary>
    Plain,

    /// <summary>The same with every message compressed that the sender thinks worth it.</summary>
    Gzip,

    /// <summary>TLS, with HTTP/2 agreed on by ALPN.</summary>
    Tls,
}
