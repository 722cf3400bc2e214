namespace Recommender.Server.Security;

/// <summary>What a caller may do.</summary>
public enum Role
{
    /// <summary>Nothing yet: no credential, from another machine, in a shop without keys.</summary>
    Stranger,

    /// <summary>Acts for anonymous visitors: asks for recommendations, records what they do, takes them through questionnaires.</summary>
    Browser,

    /// <summary>The shop's own servers and staff: everything.</summary>
    Server,
}
