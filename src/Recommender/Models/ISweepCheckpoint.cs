namespace Recommender.Models;

/// <summary>
/// Where a training keeps how far it has come, so that the next one of the same data, recipe and seed goes on from there. A folder on disk,
/// usually; one training at a time uses it, and begins with <see cref="Open"/>.
/// </summary>
public interface ISweepCheckpoint
{
    /// <summary>What was saved last under the key; null where there is nothing, or nothing that is whole.</summary>
    Stream? Open(string key);

    /// <summary>Keeps what is written, in place of what was kept before. It is durable when this returns.</summary>
    void Save(string key, Action<Stream> write);

    /// <summary>Forgets what was kept: the training has come to its end.</summary>
    void Remove();

    /// <summary>Tells the person who started the training something worth knowing.</summary>
    void Note(string note);
}
