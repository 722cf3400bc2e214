namespace Recommender.Server.Security;

/// <summary>What a caller may do.</summary>
public enum Role
{
    /// <summary>No credential the shop knows, from another machine. Where the shop has keys: nothing; where it has none: what a browser may.</summary>
    Stranger,

    /// <summary>Acts for anonymous visitors: asks for recommendations, records what they do, takes them through questionnaires.</summary>
    Browser,

    /// <summary>The shop's own servers and staff: everything.</summary>
    Server,
}
