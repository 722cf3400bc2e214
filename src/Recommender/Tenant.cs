namespace Recommender;

/// <summary>One shop among those that a server keeps. It is part of every key in every store.</summary>
public readonly record struct Tenant(string Id)
{
    /// <summary>The only shop until keys and quotas come.</summary>
    public static readonly Tenant Default = new("default");

    public override string ToString() => Id;
}
