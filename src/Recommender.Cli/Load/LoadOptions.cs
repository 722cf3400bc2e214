using System.Collections.Immutable;

namespace Recommender.Cli.Load;

/// <summary>How a server is measured.</summary>
internal sealed record LoadOptions
{
    /// <summary>Where the server answers gRPC; https asks for TLS.</summary>
    public required Uri Address { get; init; }

    /// <summary>A key of the shop; null where it has none.</summary>
    public string? Key { get; init; }

    /// <summary>A PEM file with the only certificates that are trusted; null trusts those the system does.</summary>
    public string? TrustedFile { get; init; }

    /// <summary>Recommended to in turn; empty asks the server for some of its customers.</summary>
    public ImmutableArray<string> Customers { get; init; } = [];

    public string Scenario { get; init; } = "";

    public int Count { get; init; } = 10;

    /// <summary>Requests a second of each step; empty looks for what the server keeps up with, and takes parts of that.</summary>
    public ImmutableArray<double> Rates { get; init; } = [];

    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before anything is measured; every customer is asked for once at least, however long it takes.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public int Connections { get; init; } = 4;

    /// <summary>True sends requests as independent people do; false at equal distances.</summary>
    public bool Poisson { get; init; }

    /// <summary>True leaves nothing behind in the shop; real requests are remembered.</summary>
    public bool Preview { get; init; }

    /// <summary>The server's process, for its CPU time; null finds who listens, if that is on this machine.</summary>
    public int? Pid { get; init; }

    /// <summary>Another version of the model goes live this often while recommendations are measured; null leaves it alone.</summary>
    public TimeSpan? SwapEvery { get; init; }

    /// <summary>
    /// What the server does again and again beside a second measurement of recommendations (<see cref="Load.Beside"/>); null: nothing.
    /// </summary>
    public string? Beside { get; init; }

    public int Seed { get; init; } = 1;
}
